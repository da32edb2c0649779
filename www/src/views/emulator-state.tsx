/** Resets the emulator's state, and saves it to a file or restores it from one. */
import { useRef, useState } from "preact/hooks";
import { download } from "../lib/export.js";
import { Dialog } from "../parts/dialog.js";
import { Failure } from "../parts/failure.js";
import { useAct } from "../parts/use-act.js";
import { resetEmulator, restoreSnapshot, takeSnapshot } from "../session/admin.js";
import { connection } from "../session/connection.js";

export function EmulatorState() {
  const { act, isBusy, error } = useAct();
  const [isAsking, setIsAsking] = useState(false);
  const [message, setMessage] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const work = async (done: string, change: () => Promise<void>) => {
    setMessage("");
    const isDone = await act(async () => {
      await change();
      return true;
    });
    if (isDone) setMessage(done);
  };
  const save = async () => {
    const text = JSON.stringify(await takeSnapshot());
    download("emulator.json", "application/json", text);
  };
  const restore = async (chosen: File) => restoreSnapshot(parsed(await chosen.text()));
  return (
    <section class="card">
      <h2>State</h2>
      <p class="soft">
        Skills, runs, balance, settings and pending faults.{" "}
        {connection.value.mode === "emulator"
          ? "This browser stores them. What is running at a reload continues for its remaining time. One tab at a time stores the state; others work with a copy."
          : "The emulator over HTTP keeps them until it ends."}
      </p>
      <div class="actions">
        <button type="button" aria-disabled={isBusy} onClick={() => setIsAsking(true)}>
          Reset emulator
        </button>
        <button type="button" aria-disabled={isBusy} onClick={() => work("Downloaded.", save)}>
          Download snapshot
        </button>
        <button type="button" aria-disabled={isBusy} onClick={() => file.current?.click()}>
          Upload snapshot
        </button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          aria-label="File of the snapshot"
          hidden
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            // So that the same file can be chosen again.
            currentTarget.value = "";
            if (chosen) void work("The snapshot is restored.", () => restore(chosen));
          }}
        />
      </div>
      <p class="hint" role="status">
        {message}
      </p>
      <Failure error={error} />
      {isAsking && (
        <Dialog title="Reset the emulator?" onClose={() => setIsAsking(false)}>
          <p>This deletes your skills, their runs and the balance. Download a snapshot to keep them.</p>
          <div class="actions">
            <button
              type="button"
              class="danger"
              onClick={() => {
                setIsAsking(false);
                void work("The emulator is reset.", resetEmulator);
              }}
            >
              Reset
            </button>
            <button type="button" onClick={() => setIsAsking(false)}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

function parsed(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`The file is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null) throw new Error("The file does not contain a snapshot");
  return value;
}
