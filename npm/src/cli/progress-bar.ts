// Shows the progress of a batch: a line that is rewritten on a terminal, else a line every ten seconds.
import type { BatchProgress } from "../batch.js";

const WIDTH = 24;
const INTERVAL_MS = 10_000;

/** Shows progress on standard error, so that standard output stays free for results. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show(progress: BatchProgress, now = performance.now()): void {
    const { isTTY } = this.#stream;
    if (!isTTY && now - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = now;
    const text = describe(progress);
    // A terminal of unknown width has 0 columns.
    const width = (this.#stream.columns || 80) - 1;
    this.#stream.write(isTTY ? `\r\u001b[2K${text.slice(0, width)}` : `${text}\n`);
  }

  /** Ends the line and shows the last state, unless nothing was shown. */
  end(progress: BatchProgress): void {
    if (this.#shownAt === Number.NEGATIVE_INFINITY) return;
    this.#shownAt = Number.NEGATIVE_INFINITY;
    this.show(progress);
    if (this.#stream.isTTY) this.#stream.write("\n");
  }
}

/** Formats progress, such as `[########----] 120/1000  2 failed  1 unknown  10 running  140/min  6 min left`. */
export function describe(progress: BatchProgress): string {
  const { done, failed, rejected, unknown, running, total, ratePerMinute, secondsLeft } = progress;
  const ended = done + failed + rejected + unknown;
  const count = total === undefined ? `${ended}` : `${ended}/${total}`;
  const parts = [total === undefined ? count : `${bar(ended, total)} ${count}`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (rejected > 0) parts.push(`${rejected} rejected`);
  if (unknown > 0) parts.push(`${unknown} unknown`);
  parts.push(`${running} running`);
  if (ratePerMinute > 0) parts.push(`${Math.round(ratePerMinute)}/min`);
  if (secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return parts.join("  ");
}

function bar(ended: number, total: number): string {
  const filled = total === 0 ? WIDTH : Math.floor((WIDTH * ended) / total);
  return `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}]`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
