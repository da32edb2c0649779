/** Distribution of the latencies of a page of executions. */
import { duration } from "../lib/format.js";
import { bins, percentile } from "../lib/percentile.js";

const BINS = 12;

export function LatencyHistogram({ latencies }: { latencies: readonly number[] }) {
  const counts = bins(latencies, BINS);
  const most = Math.max(...counts);
  const [p50, p95] = [percentile(latencies, 50), percentile(latencies, 95)];
  const [least, longest] = [Math.min(...latencies), Math.max(...latencies)];
  return (
    <figure class="histogram">
      {least < longest && (
        <>
          <svg viewBox={`0 0 ${BINS} 10`} preserveAspectRatio="none" aria-hidden="true">
            {counts.map((count, index) => (
              <rect
                key={index}
                x={index + 0.05}
                width={0.9}
                y={10 - (10 * count) / most}
                height={(10 * count) / most}
              />
            ))}
          </svg>
          <p class="bar soft figure" aria-hidden="true">
            <span>{duration(least)}</span>
            <span>{duration(longest)}</span>
          </p>
        </>
      )}
      <figcaption class="figure">
        p50 {duration(p50)} · p95 {duration(p95)}
      </figcaption>
    </figure>
  );
}
