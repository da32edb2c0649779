/** Draws calls as bars on a time axis, like a browser's network panel. Idle periods are shortened. */

import { axisOf } from "../lib/axis.js";
import { duration } from "../lib/format.js";
import type { Exchange, RecordedCall } from "../session/recorder.js";
import { Scroll } from "./scroll.js";
import { useNow } from "./use-now.js";

export function Timeline({ calls }: { calls: readonly RecordedCall[] }) {
  const now = useNow(calls.some(({ state }) => state === "running"));
  const at = axisOf(calls.map((call) => [call.startedAt, endOf(call, now)]));
  return (
    <ol class="timeline">
      {calls.map((call) => (
        <li
          key={call.id}
          data-operation={call.operation}
          data-state={call.code === "aborted" ? "aborted" : call.state}
        >
          <details>
            <summary>
              <span class="operation">{call.operation}</span>
              <span class="outcome-word">{outcomeOf(call)}</span>
              <Bars call={call} at={at} now={now} />
              <span class="figure took">{duration(endOf(call, now) - call.startedAt)}</span>
            </summary>
            <Details call={call} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function endOf({ endedAt, delays, startedAt }: RecordedCall, now: number): number {
  return endedAt ?? Math.max(now, startedAt, delays.at(-1)?.until ?? 0);
}

function outcomeOf({ state, code, exchanges, delays }: RecordedCall): string {
  if (state === "failed") return code ?? "failed";
  if (state === "running") return delays.length >= exchanges.length && delays.length > 0 ? "waiting" : "…";
  const tries = exchanges.length > 1 ? ` ×${exchanges.length}` : "";
  return `${exchanges.at(-1)?.status ?? "done"}${tries}`;
}

interface BarsProps {
  call: RecordedCall;
  at: (moment: number) => number;
  now: number;
}

/** Bars in percent of the axis. An SVG, because the page's content security policy forbids style attributes. */
function Bars({ call, at, now }: BarsProps) {
  const bar = (kind: string, from: number, until: number) => {
    const [start, end] = [at(from), at(until)];
    return (
      <rect
        key={`${kind}${from}`}
        class={kind}
        x={start}
        width={Math.max(0.4, end - start)}
        y={2}
        height={6}
      />
    );
  };
  const first = call.exchanges[0]?.sentAt ?? now;
  return (
    <svg class="bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {first - call.startedAt > 2 && bar("slot", call.startedAt, first)}
      {call.exchanges.map((exchange) => bar(kindOf(exchange), exchange.sentAt, exchange.endedAt ?? now))}
      {call.delays.map(({ from, until }) => bar("delay", from, until))}
    </svg>
  );
}

function kindOf({ status, endedAt }: Exchange): string {
  if (endedAt === undefined) return "open";
  return status !== undefined && status < 400 ? "good" : "bad";
}

function Details({ call }: { call: RecordedCall }) {
  const waited = (call.exchanges[0]?.sentAt ?? call.startedAt) - call.startedAt;
  return (
    <div class="wire">
      {waited > 2 && <p class="soft">Queued for {duration(waited)} before the first request.</p>}
      {call.exchanges.map((exchange, index) => (
        <Wire key={exchange.sentAt} exchange={exchange} delay={call.delays[index]} />
      ))}
      {call.exchanges.length === 0 && <p class="soft">Nothing was sent.</p>}
    </div>
  );
}

function Wire({
  exchange,
  delay,
}: {
  exchange: Exchange;
  delay: RecordedCall["delays"][number] | undefined;
}) {
  const { attempt, sentAt, endedAt, status, responseHeaders = {} } = exchange;
  const request = [
    `${exchange.method} ${exchange.url}`,
    ...lines(exchange.requestHeaders),
    ...(exchange.requestBody ? ["", pretty(exchange.requestBody)] : []),
  ].join("\n");
  const response = [
    ...lines(responseHeaders),
    ...(exchange.responseBody ? ["", pretty(exchange.responseBody)] : []),
  ].join("\n");
  return (
    <section>
      <p class="wire-title">
        Attempt {attempt}: {status ?? (endedAt === undefined ? "in progress" : "no response")}
        {endedAt !== undefined && ` in ${duration(endedAt - sentAt)}`}
      </p>
      <Scroll label={`Request of attempt ${attempt}`}>
        <pre>{request}</pre>
      </Scroll>
      {status !== undefined && (
        <Scroll label={`Response to attempt ${attempt}`}>
          <pre>{response.trim() || "(no exposed headers, no body)"}</pre>
        </Scroll>
      )}
      {delay && (
        <p class="soft">
          {delay.code}: waited {duration(delay.until - delay.from)} before the next attempt.
        </p>
      )}
    </section>
  );
}

function lines(headers: Record<string, string>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
