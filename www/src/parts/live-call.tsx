/** A call that runs by itself, as steps with a countdown. Complete before the WebAssembly is loaded. */
import { useEffect, useState } from "preact/hooks";
import { dayOf } from "../lib/format.js";
import { DAYS, type Demo, type DemoStep, demo, runDemo } from "../session/demo.js";
import { loading } from "../session/wasm.js";
import { Failure } from "./failure.js";
import { useNow } from "./use-now.js";

/** Whether the user wants no motion: then the call starts only by its button, and has no countdown. */
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function LiveCall() {
  const [location, setLocation] = useState("Oslo");
  const { state, steps, days, error, name } = demo.value;
  const isLoaded = loading.value !== undefined;
  useEffect(() => {
    if (isLoaded && demo.peek().state === "idle" && !isStill()) void runDemo("throttled", location);
  }, [isLoaded]);
  return (
    <section class="card live" aria-labelledby="live" data-demo={name} data-state={state}>
      <h2 id="live">
        A live call <span class="tag">in its own emulator</span>
      </h2>
      <form
        class="live-form"
        onSubmit={(event) => {
          event.preventDefault();
          void runDemo("throttled", location);
        }}
      >
        <label>
          <span class="unseen">Place of the forecast</span>
          <input
            value={location}
            required
            maxLength={60}
            onInput={(event) => setLocation(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Get the forecast
        </button>
        <button
          type="button"
          class="fault"
          aria-describedby="break-it"
          onClick={() => void runDemo("broken", location || "Oslo")}
        >
          Break it
        </button>
      </form>
      <p class="soft" id="break-it">
        “Break it” loses the response of the next execution.
      </p>
      <ol class="steps">
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
      <p class="unseen" role="status">
        {spoken(demo.value)}
      </p>
      {error === undefined ? <Forecast days={days} /> : <Failure error={error} />}
    </section>
  );
}

function spoken({ state, steps, name }: Demo): string {
  if (state !== "done") return "";
  return name === "broken" ? `The response was lost. ${steps[3]?.detail}` : `Done. ${steps[3]?.detail}`;
}

function Step({ step: { name, state, detail, until } }: { step: DemoStep }) {
  const isCounting = state === "active" && until !== undefined && !isStill();
  return (
    <li class="step" data-state={state}>
      <strong>{name}</strong>
      <span class="soft">{isCounting ? <Countdown until={until} /> : detail}</span>
    </li>
  );
}

function Countdown({ until }: { until: number }) {
  const left = Math.max(0, until - useNow(true));
  return (
    <span class="figure">
      Retry-After: retries in <span data-countdown>{(left / 1000).toFixed(1)} s</span>
    </span>
  );
}

/** Keeps its size without data, to avoid layout shifts. */
function Forecast({ days }: { days: Demo["days"] }) {
  return (
    <table class="forecast">
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Sky</th>
          <th scope="col">Low</th>
          <th scope="col">High</th>
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: DAYS }, (_, index) => {
          const day = days[index];
          return (
            <tr key={index}>
              <th scope="row">{day ? dayOf(day.day) : "–"}</th>
              <td>{day?.sky ?? "–"}</td>
              <td>{day ? `${Math.round(day.low)}°` : "–"}</td>
              <td>{day ? `${Math.round(day.high)}°` : "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
