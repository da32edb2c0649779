/** Generates code for the action of a view: whole programs, in every language of the page. */
import type { Connection } from "../session/connection.js";
import type { Action, Preparation } from "./action.js";
import { curl } from "./curl.js";
import { javaScript, typeScript } from "./javascript.js";
import { react } from "./react.js";
import { rust } from "./rust.js";

export { type Action, originOf, type Preparation } from "./action.js";

export type Language = "javascript" | "typescript" | "react" | "rust" | "curl";

type Generator = (action: Action, live: Connection, preparation?: Preparation) => string;

export const generators: Record<Language, Generator> = {
  javascript: javaScript,
  typescript: typeScript,
  react,
  rust,
  curl,
};
