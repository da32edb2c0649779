/** Says when the state of the emulator in the page does not survive a reload. */
import { download } from "../lib/export.js";
import { connection } from "../session/connection.js";
import { problem } from "../session/emulator.js";

export function EmulatorProblem() {
  const { value } = problem;
  if (!value || connection.value.mode !== "emulator") return null;
  return (
    <div class="warning" role="status" data-problem={value.is}>
      {value.is === "copy" && (
        <p>
          The emulator is open in another tab, which stores its state. This tab works with a copy: a reload
          discards the changes of this tab.
        </p>
      )}
      {value.is === "unstored" && (
        <p>This browser does not store the emulator's state: a reload deletes it. {messageOf(value.error)}</p>
      )}
      {value.is === "unreadable" && (
        <p>
          The stored state of the emulator cannot be restored, and the emulator started without it.{" "}
          {messageOf(value.error)}
        </p>
      )}
      <div class="actions">
        {value.is === "unreadable" && (
          <button
            type="button"
            onClick={() =>
              download("emulator-unreadable.json", "application/json", JSON.stringify(value.stored))
            }
          >
            Download the stored state
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            problem.value = undefined;
          }}
        >
          Close
        </button>
      </div>
    </div>
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
