/** Replaces all views after a reload, which deletes the key of the connection. */
import { to } from "../lib/routes.js";
import { switchTo } from "../session/switch.js";

export function Forgotten({ baseUrl }: { baseUrl: string }) {
  return (
    <div class="empty">
      <h1>The key has been forgotten</h1>
      <p>
        You were connected to <code>{baseUrl}</code> with your own key. A reload deletes the key, because it
        is never stored. Enter it again, or use the emulator.
      </p>
      <div class="actions">
        <a class="button primary" href={to(["connect"])}>
          Connect
        </a>
        <button type="button" onClick={() => switchTo({ mode: "emulator" })}>
          Use the emulator
        </button>
      </div>
    </div>
  );
}
