import { BrowserUse } from "browser-use-skills";
import { useEffect } from "react";
import { runInPage } from "../../run.js";

// Also runs on the server, where creating a client has no side effects.
const { waiting } = new BrowserUse().pending;

export default function Page() {
  useEffect(runInPage, []);
  return waiting;
}
