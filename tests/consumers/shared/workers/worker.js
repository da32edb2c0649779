// The same for all three kinds of worker.
import { run } from "./run.js";

function respond({ data: { baseUrl }, ports: [port] }) {
  run(baseUrl).then(
    (result) => port.postMessage({ result }),
    (error) => port.postMessage({ error: String(error) }),
  );
}

addEventListener("message", respond);
addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = respond;
});
