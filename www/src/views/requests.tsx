/** All calls since the page was loaded. */
import { useState } from "preact/hooks";
import { bytes, count, duration } from "../lib/format.js";
import { Choice } from "../parts/choice.js";
import { Timeline } from "../parts/timeline.js";
import { useNow } from "../parts/use-now.js";
import { client } from "../session/connection.js";
import { callCount, calls, forgetCalls, type RecordedCall } from "../session/recorder.js";
import { loading } from "../session/wasm.js";

const FILTERS = { all: "All", work: "Without polling", trouble: "Problems" };

const SHOWN: Record<keyof typeof FILTERS, (call: RecordedCall) => boolean> = {
  all: () => true,
  work: ({ operation }) => !["skills.get", "skills.list", "marketplace.list"].includes(operation),
  // Views abort outdated requests, which is not a problem.
  trouble: ({ code, state, delays, exchanges }) =>
    code !== "aborted" && (state === "failed" || delays.length > 0 || exchanges.length > 1),
};

/** Maximum number of calls in a readable timeline. */
const MAX_CALLS = 60;

export function Requests() {
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const shown = calls.value.filter(SHOWN[filter]);
  useNow(calls.value.some(({ state }) => state === "running"));
  const { waiting, running } = client.value.pending;
  const wasm = loading.value;
  return (
    <>
      <header class="head">
        <h1>Requests</h1>
        <p class="lead">
          All calls of the client, recorded from its events: attempts, retry delays and time in the queue.
          Open a call to see its requests and responses, without the key.
        </p>
      </header>
      <dl class="facts tiles">
        <div>
          <dt>Calls</dt>
          <dd>{callCount.value}</dd>
        </div>
        <div>
          <dt>Running · queued</dt>
          <dd>
            {running} · {waiting}
          </dd>
        </div>
        <div>
          <dt>WebAssembly</dt>
          <dd>{wasm?.bytes ? bytes(wasm.bytes) : "–"}</dd>
        </div>
        <div>
          <dt>Loaded in</dt>
          <dd>{wasm ? duration(wasm.milliseconds) : "–"}</dd>
        </div>
      </dl>
      <section class="card">
        <div class="bar">
          <Choice label="Which calls" options={FILTERS} value={filter} onChange={setFilter} />
          <button type="button" onClick={forgetCalls}>
            Clear
          </button>
        </div>
        <ul class="legend" aria-label="Legend">
          <li data-kind="slot">queued</li>
          <li data-kind="good">request</li>
          <li data-kind="bad">failed request</li>
          <li data-kind="delay">delay before a retry</li>
        </ul>
        {shown.length === 0 ? (
          <div class="empty">
            <p>No calls yet. Run a skill.</p>
          </div>
        ) : (
          <Timeline calls={shown.slice(-MAX_CALLS)} />
        )}
        {shown.length > MAX_CALLS && (
          <p class="soft">
            The last {MAX_CALLS} of {count(shown.length, "call")}.
          </p>
        )}
      </section>
    </>
  );
}
