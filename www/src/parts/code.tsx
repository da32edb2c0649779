/** Shows code for the action of a view. */
import { remembered } from "../lib/remember.js";
import { type Action, javaScript, rust } from "../lib/snippets.js";
import { connection } from "../session/connection.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Highlighted, type Language } from "./highlighted.js";
import { Scroll } from "./scroll.js";

const LANGUAGES: Record<Language, string> = { javascript: "JavaScript", rust: "Rust" };

const language = remembered<Language>("language", "javascript", () => localStorage);

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
  const text = write(action, connection.value);
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
