/** All calls since the page was loaded, and one of them in detail. */
import { useState } from "preact/hooks";
import { download } from "../lib/export.js";
import { bytes, count, duration } from "../lib/format.js";
import { har } from "../lib/wire.js";
import { CallDetail } from "../parts/call-detail.js";
import { CallList, resultOf } from "../parts/call-list.js";
import { Choice } from "../parts/choice.js";
import { client } from "../session/connection.js";
import { callCount, calls, forgetCalls, type RecordedCall } from "../session/recorder.js";
import { loading } from "../session/wasm.js";

const FILTERS = { all: "All", work: "Without polling", trouble: "Problems" };

const SHOWN: Record<keyof typeof FILTERS, (call: RecordedCall) => boolean> = {
  all: () => true,
  work: ({ operation }) =>
    !["skills.get", "skills.list", "skills.executions", "marketplace.list"].includes(operation),
  // Views abort outdated requests, which is not a problem.
  trouble: ({ code, state, delays, exchanges }) =>
    code !== "aborted" && (state === "failed" || delays.length > 0 || exchanges.length > 1),
};

function matches(call: RecordedCall, text: string): boolean {
  const searched = [call.operation, resultOf(call), ...call.exchanges.map(({ url }) => url)].join(" ");
  return searched.toLowerCase().includes(text.trim().toLowerCase());
}

export function Requests() {
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const [text, setText] = useState("");
  const [selected, setSelected] = useState(() => calls.value.at(-1)?.id);
  const shown = calls.value.filter((call) => SHOWN[filter](call) && matches(call, text)).reverse();
  const call = calls.value.find(({ id }) => id === selected);
  const { waiting, running } = client.value.pending;
  const wasm = loading.value;
  return (
    <>
      <header class="head">
        <h1>Requests</h1>
        <p class="lead">
          All calls of the client, newest first: attempts, retry delays and time in the queue. Keys and
          cookies are hidden.
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
      <div class="inspector-bar">
        <label>
          <span class="unseen">Search the calls</span>
          <input
            type="search"
            value={text}
            placeholder="Operation, status or URL"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <Choice label="Which calls" options={FILTERS} value={filter} onChange={setFilter} />
        <div class="actions">
          <button
            type="button"
            onClick={() => download("requests.har", "application/json", har(calls.value))}
          >
            Save as HAR
          </button>
          <button type="button" onClick={forgetCalls}>
            Clear
          </button>
        </div>
      </div>
      <p class="soft" role="status">
        {count(shown.length, "call")}
      </p>
      {shown.length === 0 ? (
        <div class="empty">
          <p>{calls.value.length === 0 ? "No calls yet. Run a skill." : "No calls match."}</p>
        </div>
      ) : (
        <div class="inspector">
          <div class="card call-column">
            <CallList calls={shown} selected={selected} onSelect={setSelected} />
          </div>
          {call ? (
            <CallDetail key={call.id} call={call} />
          ) : (
            <div class="empty">
              <p>Select a call.</p>
            </div>
          )}
        </div>
      )}
    </>
  );
}
