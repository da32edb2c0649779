import { BrowserUse } from "browser-use-skills";
import wasm from "browser-use-skills/wasm";
import { runInPage } from "./run.js";

BrowserUse.load(new URL(wasm, import.meta.url));
runInPage();
