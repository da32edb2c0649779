import { BrowserUse } from "browser-use-skills";
import { useEffect } from "react";
import { runInPage } from "../../run.js";

// On the server too: a client is created, and nothing happens.
const { waiting } = new BrowserUse().pending;

export default function Page() {
  useEffect(runInPage, []);
  return waiting;
}
