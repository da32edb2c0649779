// Text of a server's in TypeScript and on a terminal: it may be hostile, so nothing in it may end a string or a comment,
// move the cursor or reorder what is shown.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be copied
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** Longest text that a message quotes, in UTF-16 code units. */
const MAX_QUOTED = 80;

/** A string literal. */
export function stringLiteral(text: string): string {
  return escapeUnsafe(JSON.stringify(text));
}

/** The name of a property: quoted unless it is an identifier. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : stringLiteral(name);
}

/** A documentation comment with a line for each line of the text; empty for an empty text. */
export function docComment(text: string): string {
  const lines = text.replaceAll("*/", "*\\/").split(/\r\n|[\r\n\u2028\u2029]/);
  const shown = lines.map((line) => ` * ${line.replace(UNSAFE, " ")}`.trimEnd());
  // Always on lines of its own: the compiler takes orders, such as `@ts-expect-error`, from the last line of a comment.
  return text.trim() === "" ? "" : `/**\n${shown.join("\n")}\n */\n`;
}

/** The text for one line of a terminal. */
export function printable(text: string): string {
  return escapeUnsafe(text);
}

/** The text in quotation marks, shortened, for a message. */
export function quoted(text: string): string {
  const isLong = text.length > MAX_QUOTED;
  return stringLiteral(isLong ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

/** Indents each line that is not empty by two spaces. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
