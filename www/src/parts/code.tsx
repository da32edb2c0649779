/** Shows code for the action of a view. */
import { useState } from "preact/hooks";
import { type Action, javaScript, rust } from "../lib/snippets.js";
import { connection } from "../session/connection.js";
import { Choice } from "./choice.js";
import { Copy } from "./copy.js";
import { Scroll } from "./scroll.js";

const LANGUAGES = { javascript: "JavaScript", rust: "Rust" };

export function Code({ action }: { action: Action }) {
  const [language, setLanguage] = useState<keyof typeof LANGUAGES>("javascript");
  const write = language === "rust" ? rust : javaScript;
  const text = write(action, connection.value);
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
