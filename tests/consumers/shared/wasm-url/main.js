import { BrowserUse } from "browser-use-skills";
import wasm from "browser-use-skills/wasm?url";
import { runInPage } from "./run.js";

BrowserUse.load(wasm);
runInPage();
