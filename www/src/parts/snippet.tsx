/** A program for an action, in the language that the user has chosen. */
import { type Action, originOf, type Preparation } from "../lib/action.js";
import { remembered } from "../lib/remember.js";
import { generators, type Language } from "../lib/snippets.js";
import { emulatorSettings } from "../session/admin.js";
import { type Connection, connection } from "../session/connection.js";
import { cachedSkills } from "../session/skills.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Highlighted } from "./highlighted.js";
import { Scroll } from "./scroll.js";

const LANGUAGES: Record<Language, string> = {
  javascript: "JavaScript",
  typescript: "TypeScript",
  react: "React",
  rust: "Rust",
  curl: "cURL",
};

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

export function Snippet({ action }: { action: Action }) {
  const write = generators[language.value] ?? generators.javascript;
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
