/** Says why the test of a connection failed. */
import { isBrowserUseError } from "browser-use-skills";
import { ADVICE } from "../lib/advice.js";
import type { Mode } from "../session/connection.js";
import type { Health } from "../session/health.js";

interface TestFailureProps {
  error: unknown;
  mode: Mode;
  onConnect(found: Health): void;
}

export function TestFailure({ error, mode, onConnect }: TestFailureProps) {
  const code = isBrowserUseError(error) ? error.code : undefined;
  const found = healthOf(code);
  return (
    <div class="failure" role="alert" data-error={code ?? "Error"}>
      <p class="title">{titleOf(found, mode)}</p>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {code && <p class="next">{ADVICE[code].text}</p>}
      <div class="actions">
        <button type="button" onClick={() => onConnect(found)}>
          Connect anyway
        </button>
      </div>
    </div>
  );
}

function healthOf(code: string | undefined): Health {
  if (code === "authentication") return "rejected";
  return code === "network" || code === "timeout" ? "unreachable" : "unknown";
}

function titleOf(found: Health, mode: Mode): string {
  if (found === "unreachable") return "The server is unreachable.";
  if (found !== "rejected") return "The server does not respond as the API does.";
  return mode === "proxy" ? "The proxy rejected the request." : "The server rejected the key.";
}
