/** Shows code for the action of a view: a whole program. */
import { remembered } from "../lib/remember.js";
import { type Action, javaScript, originOf, type Preparation, rust } from "../lib/snippets.js";
import { emulatorSettings } from "../session/admin.js";
import { type Connection, connection } from "../session/connection.js";
import { cachedSkills } from "../session/skills.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Highlighted, type Language } from "./highlighted.js";
import { Scroll } from "./scroll.js";

const LANGUAGES: Record<Language, string> = { javascript: "JavaScript", rust: "Rust" };

const language = remembered<Language>("language", "javascript", () => localStorage);

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

/** Code that is closed until the user opens it. */
export function Code({ action }: { action: Action }) {
  return (
    <details class="card code">
      <summary>Show the code</summary>
      <Snippet action={action} />
    </details>
  );
}

/** Code that is always open. */
export function CodePane({ action }: { action: Action }) {
  return (
    <section class="card code">
      <h2>Code</h2>
      <Snippet action={action} />
    </section>
  );
}

function Snippet({ action }: { action: Action }) {
  const write = language.value === "rust" ? rust : javaScript;
  const text = write(action, absolute(connection.value), preparationOf(action));
  return (
    <>
      <div class="bar">
        <Choice
          label="Language"
          options={LANGUAGES}
          value={language.value}
          onChange={(chosen) => {
            language.value = chosen;
          }}
        />
        <Copy text={() => text} />
      </div>
      <Scroll label={`${LANGUAGES[language.value]} code`}>
        <pre>
          <Highlighted text={text} language={language.value} />
        </pre>
      </Scroll>
    </>
  );
}
