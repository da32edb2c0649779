/** One recorded call: its requests, responses and timing. */
import { useState } from "preact/hooks";
import { duration } from "../lib/format.js";
import { curl, requestText, responseText } from "../lib/wire.js";
import type { RecordedCall } from "../session/recorder.js";
import { replayOf } from "../session/replay.js";
import { resultOf } from "./call-list.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Failure } from "./failure.js";
import { Scroll } from "./scroll.js";
import { useAct } from "./use-act.js";
import { useNow } from "./use-now.js";

const TABS = { request: "Request", response: "Response", timing: "Timing" };
type Tab = keyof typeof TABS;

export function CallDetail({ call }: { call: RecordedCall }) {
  const [tab, setTab] = useState<Tab>("response");
  const { act, isBusy, error } = useAct();
  const last = call.exchanges.at(-1);
  const replay = replayOf(call);
  return (
    <section class="card call-detail" aria-label="Selected call">
      <h2>
        <span class="mono">{call.operation}</span> <span class="tag">{resultOf(call)}</span>
      </h2>
      <div class="bar">
        <Choice label="What to show" options={TABS} value={tab} onChange={setTab} />
        <div class="actions">
          {last && <Copy text={() => curl(last)} label="Copy as cURL" />}
          {replay && (
            <button type="button" class="quiet" aria-disabled={isBusy} onClick={() => act(replay)}>
              Replay
            </button>
          )}
        </div>
      </div>
      <Failure error={error} />
      {tab === "timing" ? <Timing call={call} /> : <Exchanges call={call} tab={tab} />}
    </section>
  );
}

function Exchanges({ call, tab }: { call: RecordedCall; tab: "request" | "response" }) {
  if (call.exchanges.length === 0) return <p class="soft">Nothing was sent.</p>;
  return (
    <>
      {call.exchanges.map((exchange) => {
        const { attempt, sentAt, endedAt, status } = exchange;
        const isOpen = endedAt === undefined;
        return (
          <section key={sentAt} class="exchange">
            <h3>
              Attempt {attempt}: {status ?? (isOpen ? "in progress" : "no response")}
              {!isOpen && ` in ${duration(endedAt - sentAt)}`}
            </h3>
            <Scroll label={`${TABS[tab]} of attempt ${attempt}`}>
              <pre>
                {tab === "request"
                  ? requestText(exchange)
                  : status === undefined
                    ? "(no response)"
                    : responseText(exchange)}
              </pre>
            </Scroll>
          </section>
        );
      })}
    </>
  );
}

interface Phase {
  readonly name: string;
  readonly kind: "slot" | "good" | "bad" | "open" | "delay";
  readonly from: number;
  readonly until: number;
}

function phasesOf({ startedAt, exchanges, delays }: RecordedCall, now: number): Phase[] {
  const first = exchanges[0]?.sentAt ?? now;
  const queued: Phase = { name: "Queued", kind: "slot", from: startedAt, until: first };
  const sent = exchanges.map(({ attempt, status, sentAt, endedAt }): Phase => {
    const kind = endedAt === undefined ? "open" : status !== undefined && status < 400 ? "good" : "bad";
    return { name: `Attempt ${attempt}: ${status ?? "–"}`, kind, from: sentAt, until: endedAt ?? now };
  });
  const waited = delays.map(({ from, until, code }): Phase => {
    return { name: `Delay: ${code}`, kind: "delay", from, until };
  });
  return [queued, ...sent, ...waited].sort((a, b) => a.from - b.from);
}

function Timing({ call }: { call: RecordedCall }) {
  const now = useNow(call.state === "running");
  const phases = phasesOf(call, now);
  const end = Math.max(call.startedAt + 1, ...phases.map(({ until }) => until));
  const percent = (moment: number) => ((moment - call.startedAt) / (end - call.startedAt)) * 100;
  return (
    <table class="timing">
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">After</th>
          <th scope="col">Took</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {phases.map(({ name, kind, from, until }) => (
          <tr key={`${name}${from}`}>
            <th scope="row">{name}</th>
            <td class="short">{duration(from - call.startedAt)}</td>
            <td class="short">{duration(until - from)}</td>
            <td>
              <svg class="bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  class={kind}
                  x={percent(from)}
                  width={Math.max(0.5, percent(until) - percent(from))}
                  y={2}
                  height={6}
                />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
