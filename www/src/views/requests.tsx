/** Every call since the page was opened. */
import { useState } from "preact/hooks";
import { bytes, count, duration } from "../lib/figures.js";
import { Choice } from "../parts/choice.js";
import { Timeline } from "../parts/timeline.js";
import { useNow } from "../parts/use-now.js";
import { client } from "../session/connection.js";
import { callCount, calls, forgetCalls, type RecordedCall } from "../session/recorder.js";
import { loading } from "../session/wasm.js";

const FILTERS = { all: "All", work: "Without polling", trouble: "Trouble" };

const SHOWN: Record<keyof typeof FILTERS, (call: RecordedCall) => boolean> = {
  all: () => true,
  work: ({ operation }) => !["skills.get", "skills.list", "marketplace.list"].includes(operation),
  // What a view did not want any more was aborted: no trouble.
  trouble: ({ code, state, delays, exchanges }) =>
    code !== "aborted" && (state === "failed" || delays.length > 0 || exchanges.length > 1),
};

/** As many as a timeline can show at once and be read. */
const MOST = 60;

export function Requests() {
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const shown = calls.value.filter(SHOWN[filter]);
  useNow(calls.value.some(({ state }) => state === "running"));
  const { waiting, running } = client.value.pending;
  const wasm = loading.value;
  return (
    <>
      <header class="head">
        <h1>Under the hood</h1>
        <p class="lead">
          Every call of the client, as its listeners tell it: attempts, delays before a retry, waits for a
          slot. Open one to see what went over the wire, without the key.
        </p>
      </header>
      <dl class="facts tiles">
        <div>
          <dt>Calls</dt>
          <dd>{callCount.value}</dd>
        </div>
        <div>
          <dt>Running · waiting for a slot</dt>
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
        <ul class="legend" aria-label="What the colours mean">
          <li data-kind="slot">waits for a slot or its turn</li>
          <li data-kind="good">request</li>
          <li data-kind="bad">request that failed</li>
          <li data-kind="delay">delay before a retry</li>
        </ul>
        {shown.length === 0 ? (
          <div class="empty">
            <p>Nothing yet. Run something: it will be here.</p>
          </div>
        ) : (
          <Timeline calls={shown.slice(-MOST)} />
        )}
        {shown.length > MOST && (
          <p class="soft">
            The last {MOST} of {count(shown.length, "call")}.
          </p>
        )}
      </section>
    </>
  );
}
