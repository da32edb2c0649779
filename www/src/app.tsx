/** The layout of the page, and the current view. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { duration } from "./lib/format.js";
import { route, to } from "./lib/routes.js";
import { isReturning } from "./lib/scroll-position.js";
import { followHeading } from "./lib/title.js";
import { Choice } from "./parts/choice.js";
import { Dock } from "./parts/dock.js";
import { EmulatorProblem } from "./parts/emulator-problem.js";
import { Failure } from "./parts/failure.js";
import { later } from "./parts/later.js";
import { Palette } from "./parts/palette.js";
import { Toasts } from "./parts/toasts.js";
import { emulatorSettings } from "./session/admin.js";
import { connection, forgottenKey, MODES } from "./session/connection.js";
import { type Health, health } from "./session/health.js";
import { notice } from "./session/notice.js";
import { calls } from "./session/recorder.js";
import { THEMES, theme } from "./session/theme.js";
import { loading } from "./session/wasm.js";
import { Forgotten } from "./views/forgotten.js";
import { Home } from "./views/home.js";
import { Marketplace } from "./views/marketplace.js";

const Connect = later("Connect");
const Create = later("Create");
const EmulatorPanel = later("EmulatorPanel");
const OwnSkill = later("OwnSkill");
const PublicSkill = later("PublicSkill");
const Requests = later("Requests");
const Skills = later("Skills");

const PLACES = [
  { name: "Marketplace", path: [], first: [undefined, "marketplace"] },
  { name: "My skills", path: ["skills"], first: ["skills", "skill"] },
  { name: "Requests", path: ["requests"], first: ["requests"] },
  { name: "Emulator", path: ["emulator"], first: ["emulator"] },
] as const;

export function App() {
  const main = useRef<HTMLElement>(null);
  const { path } = route.value;
  const place = path.join("/");
  const before = useRef(place);
  useEffect(() => (main.current ? followHeading(main.current) : undefined), []);
  // Before the browser paints, and takes the focus from a link that is removed.
  useLayoutEffect(() => {
    if (before.current === place) return;
    before.current = place;
    // Like a page load: scroll to the top and move the focus.
    if (!isReturning()) scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place]);
  const [first] = path;
  return (
    <>
      <header class="top">
        <a class="skip" href={location.hash || "#/"} onClick={skip}>
          Skip to content
        </a>
        <a class="brand" href={to([])}>
          <img src="./icon.svg" alt="" width={24} height={24} />
          <span>browser-use-skills</span>
        </a>
        <nav class="places" aria-label="Main">
          {PLACES.map(({ name, path: steps, first: firsts }) => (
            <a
              key={name}
              href={to(steps)}
              aria-current={(firsts as readonly (string | undefined)[]).includes(first) ? "page" : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
        <Badge />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <Failure error={notice.value} />
        <EmulatorProblem />
        {forgottenKey.value !== undefined && first !== "connect" ? (
          <Forgotten baseUrl={forgottenKey.value} />
        ) : (
          <View path={path} />
        )}
      </main>
      <Foot />
      {forgottenKey.value === undefined && <Dock />}
      <Toasts />
      <Palette />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function View({ path: [first, second, third] }: { path: readonly string[] }) {
  switch (first) {
    case undefined:
      return <Home />;
    case "marketplace":
      return second ? <PublicSkill key={second} slug={second} tab={third} /> : <Marketplace />;
    case "skills":
      return second === "new" ? <Create /> : <Skills />;
    case "skill":
      return second ? <OwnSkill key={second} id={second} tab={third} /> : <Skills />;
    case "requests":
      return <Requests />;
    case "emulator":
      return <EmulatorPanel />;
    case "connect":
      return <Connect />;
    default:
      return (
        <div class="empty">
          <h1>Page not found</h1>
          <p>This link leads to no view of the playground.</p>
          <a class="button" href={to([])}>
            Go to the marketplace
          </a>
        </div>
      );
  }
}

const HEALTH: Record<Health, string> = {
  unknown: "",
  online: " · online",
  unreachable: " · unreachable",
  rejected: " · key rejected",
};

function Badge() {
  const live = connection.value;
  if (forgottenKey.value !== undefined) {
    return (
      <a class="badge" data-mode="forgotten" href={to(["connect"])}>
        Not connected
      </a>
    );
  }
  // The emulator in the page always responds, except with the faults that the user injects.
  const state = live.mode === "emulator" ? "unknown" : health.value;
  const isRejectedByProxy = live.mode === "proxy" && state === "rejected";
  // The last balance is not that of a server that does not respond.
  const credits = state === "unreachable" ? undefined : emulatorSettings.value?.credits;
  return (
    <a class="badge" data-mode={live.mode} data-health={state} href={to(["connect"])}>
      <span class="unseen">Connection: </span>
      {MODES[live.mode].badge}
      {isRejectedByProxy ? " · rejected" : HEALTH[state]}
      {credits !== undefined && <span class="figure"> · ${credits.toFixed(2)}</span>}
    </a>
  );
}

function Foot() {
  const last = calls.value.findLast(({ state }) => state !== "running");
  const wasm = loading.value;
  return (
    <footer class="foot">
      <p>
        <a href={to(["requests"])}>
          {last
            ? `${last.operation} ${last.code ?? last.exchanges.at(-1)?.status ?? ""} in ${duration((last.endedAt ?? 0) - last.startedAt)}`
            : "No calls yet"}
        </a>
        {wasm && <span class="soft"> · ready in {duration(wasm.milliseconds)}</span>}
      </p>
      <p class="soft">
        Not affiliated with Browser Use · <kbd>?</kbd> shows the keys
      </p>
      <Choice
        label="Colours"
        options={THEMES}
        value={theme.value}
        onChange={(chosen) => {
          theme.value = chosen;
        }}
      />
    </footer>
  );
}
