import { BrowserUse } from "browser-use-skills";
import { Story } from "./story.js";

export default function Page() {
  // On the server: a client is made, and nothing happens.
  return <Story waiting={new BrowserUse().pending.waiting} />;
}
