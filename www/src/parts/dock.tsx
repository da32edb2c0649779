/** Faults at hand on every page: those that are pending, and scenarios to arm. */
import { useState } from "preact/hooks";
import { labelOfFault, SCENARIOS } from "../lib/scenarios.js";
import { clearFaults } from "../session/admin.js";
import { arm, linkOf, pendingFaults, pendingScenarios } from "../session/chaos.js";
import { isEmulated } from "../session/connection.js";
import { Copy } from "./copy.js";
import { Failure } from "./failure.js";
import { useAct } from "./use-act.js";

export function Dock() {
  const [isOpen, setOpen] = useState(false);
  const { act, error, isBusy } = useAct();
  const faults = pendingFaults.value;
  const total = faults.reduce((sum, { count = 1 }) => sum + count, 0);
  if (!isEmulated.value) return null;
  const names = pendingScenarios();
  return (
    <aside class="dock" aria-label="Faults">
      {isOpen && (
        <div class="scenarios" id="scenarios">
          <ul>
            {Object.entries(SCENARIOS).map(([key, scenario]) => (
              <li key={key}>
                <button type="button" aria-disabled={isBusy} onClick={() => act(() => arm(scenario))}>
                  {scenario.name}
                </button>
                <span class="soft">{scenario.description}</span>
              </li>
            ))}
          </ul>
          <div class="actions">
            {names.length > 0 && <Copy text={() => linkOf(names)} label="Copy a link with these faults" />}
            {faults.length > 0 && (
              <button type="button" class="quiet" onClick={() => act(clearFaults)}>
                Clear all
              </button>
            )}
          </div>
          <Failure error={error} />
        </div>
      )}
      <div class="dock-bar">
        <button
          type="button"
          class="dock-toggle"
          aria-expanded={isOpen}
          aria-controls={isOpen ? "scenarios" : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <svg viewBox="0 0 24 24" width={16} height={16} aria-hidden="true">
            <path d="M13 3 5 14h6l-1 7 9-12h-6z" />
          </svg>
          Break something
        </button>
        <ul class="armed" aria-label="Pending faults">
          {faults.map((fault, index) => (
            <li key={index} class="armed-fault">
              {labelOfFault(fault)} <span class="figure">×{fault.count ?? 1}</span>
            </li>
          ))}
        </ul>
        <p class="unseen" role="status">
          {total > 0 ? `${total} pending ${total === 1 ? "fault" : "faults"}` : ""}
        </p>
      </div>
    </aside>
  );
}
