import { run } from "../run.js";

export default defineBackground(() => {
  browser.runtime.onMessage.addListener((baseUrl, _sender, respond) => {
    run(baseUrl).then(respond, (error) => respond(String(error)));
    return true;
  });
});
