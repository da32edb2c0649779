/** Shows code for the action of a view: a whole program. */
import { useState } from "preact/hooks";
import { type Action, javaScript, originOf, type Preparation, rust } from "../lib/snippets.js";
import { emulatorSettings } from "../session/admin.js";
import { type Connection, connection } from "../session/connection.js";
import { cachedSkills } from "../session/skills.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Scroll } from "./scroll.js";

const LANGUAGES = { javascript: "JavaScript", rust: "Rust" };
const DEFAULT_SEED = 1;

/** The connection of a program outside of this page, which cannot resolve a relative URL. */
function absolute(live: Connection): Connection {
  if (live.mode === "emulator") return live;
  return { ...live, baseUrl: new URL(live.baseUrl, location.href).href };
}

function preparationOf(action: Action): Preparation {
  const skill = "id" in action ? cachedSkills.value.get(action.id) : undefined;
  const { seed } = emulatorSettings.value ?? {};
  return { origin: skill && originOf(skill), seed: seed === DEFAULT_SEED ? undefined : seed };
}

export function Code({ action }: { action: Action }) {
  const [language, setLanguage] = useState<keyof typeof LANGUAGES>("javascript");
  const write = language === "rust" ? rust : javaScript;
  const text = write(action, absolute(connection.value), preparationOf(action));
  return (
    <details class="card code">
      <summary>Show the code</summary>
      <div class="bar">
        <Choice label="Language" options={LANGUAGES} value={language} onChange={setLanguage} />
        <Copy text={() => text} />
      </div>
      <Scroll label={`${LANGUAGES[language]} code`}>
        <pre>
          <code>{text}</code>
        </pre>
      </Scroll>
    </details>
  );
}
