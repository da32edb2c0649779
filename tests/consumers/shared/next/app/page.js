import { BrowserUse } from "browser-use-skills";
import { Scenario } from "./scenario.js";

export default function Page() {
  // On the server: a client is created, and nothing happens.
  return <Scenario waiting={new BrowserUse().pending.waiting} />;
}
