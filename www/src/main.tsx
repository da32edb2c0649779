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
import { followSettings } from "./session/admin.js";
import { followFaults, followLinks } from "./session/chaos.js";
import { report } from "./session/notice.js";
import { resumeConnection } from "./session/runs.js";
import { loadLibrary } from "./session/wasm.js";

// Before the first view reads the query.
followLinks();
const app = document.getElementById("app");
if (app) render(<App />, app);
followSettings();
followFaults();
followScrolling();
// After the first paint, which loading half a megabyte of WebAssembly would delay.
requestAnimationFrame(() => setTimeout(() => loadLibrary().then(() => resumeConnection(report), report)));
