import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/runner.css";
import "./styles/home.css";
import "./styles/marketplace.css";
import "./styles/dock.css";
import "./styles/inspector.css";
import "./styles/palette.css";
import { render } from "preact";
import { App } from "./app.js";
import { followScrolling } from "./lib/scroll-position.js";
import { loadLater } from "./parts/later.js";
import { followSettings } from "./session/admin.js";
import { followFaults, followLinks } from "./session/chaos.js";
import { connection } from "./session/connection.js";
import { ready } from "./session/emulator.js";
import { report } from "./session/notice.js";
import { resumeConnection } from "./session/runs.js";
import { loadLibrary } from "./session/wasm.js";

// First, because loading takes the longest. If the emulator's WebAssembly fails, the calls report it.
const loaded = loadLibrary();
const started = connection.peek().mode === "emulator" ? ready().catch(() => {}) : loaded;
// Before the first view reads the query.
followLinks();
const app = document.getElementById("app");
// Into the first screen that `index.html` contains.
if (app) render(<App />, app);
delete document.documentElement.dataset.painted;
followSettings();
followFaults();
followScrolling();
loaded.then(() => resumeConnection(report), report);
started.finally(loadLater);
