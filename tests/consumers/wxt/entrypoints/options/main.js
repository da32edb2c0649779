import { run } from "../../run.js";

globalThis.runInPage = run;
globalThis.runInWorker = (baseUrl) => browser.runtime.sendMessage(baseUrl);
