/** Chart of the latencies of a page of executions. The list below it has the same numbers. */
import type { SkillExecutionView } from "browser-use-skills";
import { useEffect, useRef } from "preact/hooks";
import { duration } from "../lib/format.js";
import { theme } from "../session/theme.js";

const HEIGHT = 160;

export function LatencyChart({ executions }: { executions: readonly SkillExecutionView[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const ended = executions.filter(({ latencyMs }) => latencyMs !== null).reverse();
  const latencies = ended.map(({ latencyMs }) => latencyMs ?? 0);
  const key = JSON.stringify(ended.map(({ id }) => id));
  const currentTheme = theme.value;
  useEffect(() => {
    const { current } = frame;
    if (!current || ended.length < 2) return;
    let stop = () => {};
    let isGone = false;
    void drawn(current, ended).then((end) => {
      if (isGone) end();
      else stop = end;
    });
    return () => {
      isGone = true;
      stop();
    };
  }, [key, currentTheme]);
  if (ended.length < 2) return <p class="soft">The chart needs at least two finished executions.</p>;
  const label = `Latency of ${ended.length} executions, from ${duration(Math.min(...latencies))} to ${duration(Math.max(...latencies))}`;
  return <div ref={frame} class="chart" role="img" aria-label={label} />;
}

/** Draws the chart. Loads the chart library on demand. */
async function drawn(frame: HTMLElement, executions: readonly SkillExecutionView[]): Promise<() => void> {
  const { default: UPlot } = await import("uplot");
  const colour = (name: string) => getComputedStyle(frame).getPropertyValue(name).trim();
  const [accent, bad, soft, line] = ["--accent", "--bad", "--soft", "--line"].map(resolved(frame));
  const axis = {
    stroke: soft ?? "",
    grid: { stroke: line ?? "", width: 1 },
    ticks: { show: false },
    font: `12px ${colour("--sans")}`,
  };
  const numbers = executions.map((_, index) => index + 1);
  const latency = (isGood: boolean) =>
    executions.map(({ success, latencyMs }) => (success === isGood ? latencyMs : null));
  const series = (label: string, stroke: string | undefined) => ({
    label,
    stroke: stroke ?? "",
    spanGaps: true,
    points: { show: true, size: 7, fill: stroke ?? "" },
  });
  const chart = new UPlot(
    {
      width: frame.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
      axes: [
        { ...axis, incrs: [1, 2, 5, 10], size: 28 },
        { ...axis, size: 64, values: (_, ticks) => ticks.map(duration) },
      ],
      series: [{}, series("succeeded", accent), { ...series("failed", bad), paths: () => null }],
    },
    [numbers, latency(true), latency(false)],
    frame,
  );
  const observer = new ResizeObserver(() => chart.setSize({ width: frame.clientWidth, height: HEIGHT }));
  observer.observe(frame);
  return () => {
    observer.disconnect();
    chart.destroy();
  };
}

/** Resolves a colour variable for a canvas, which does not support `light-dark()`. */
function resolved(frame: HTMLElement): (name: string) => string {
  return (name) => {
    frame.style.color = `var(${name})`;
    const { color } = getComputedStyle(frame);
    frame.style.color = "";
    return color;
  };
}
