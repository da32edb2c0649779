// The same for all three kinds of worker.
import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { story } from "../story.js";

function answer({ data, ports: [port] }) {
  story({ BrowserUse, SkillNotFoundError }, data).then(
    (told) => port.postMessage({ told }),
    (error) => port.postMessage({ failed: String(error) }),
  );
}

addEventListener("message", answer);
addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = answer;
});
