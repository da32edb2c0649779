/** The first screen: what the library is, a live call, and the marketplace. */
import { Copy } from "../parts/copy.js";
import { LiveCall } from "../parts/live-call.js";
import { Marketplace } from "./marketplace.js";

const INSTALL = "npm install browser-use-skills";

const FACTS = [
  [
    "Survives bad connections",
    "Retries what is safe to retry, and finds the execution if its response is lost.",
  ],
  ["Never pays twice", "One call sends at most one request that can cost credits."],
  ["Works without a key", "The emulator runs in this page. So does everything below."],
] as const;

export function Home() {
  return (
    <>
      <section class="hero" aria-labelledby="hero">
        <div class="pitch">
          <h1 id="hero">Call Browser Use skills, and never lose a result</h1>
          <p class="lead">
            A typed client for the skills API of Browser Use Cloud, for pages, workers, extensions and
            servers.
          </p>
          <p class="install">
            <code>{INSTALL}</code>
            <Copy text={() => INSTALL} label="Copy" />
          </p>
        </div>
        <LiveCall />
        <ul class="reasons">
          {FACTS.map(([name, text]) => (
            <li key={name}>
              <strong>{name}</strong>
              <span class="soft">{text}</span>
            </li>
          ))}
        </ul>
      </section>
      <Marketplace isHome />
    </>
  );
}
