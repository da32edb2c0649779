import { BrowserUse } from "browser-use-skills";
import { Scenario } from "./scenario.js";

export default function Page() {
  // Runs on the server, where creating a client has no side effects.
  return <Scenario waiting={new BrowserUse().pending.waiting} />;
}
