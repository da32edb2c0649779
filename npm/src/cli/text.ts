// Escapes text from a server for TypeScript and terminals. It may be hostile: it must not end a string or comment, move the
// cursor or reorder the output.

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be escaped
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** Maximum length of a quoted text in a message, in UTF-16 code units. */
const MAX_QUOTED = 80;

/** Formats a string literal. */
export function stringLiteral(text: string): string {
  return escapeUnsafe(JSON.stringify(text));
}

/** Formats a property name: quoted unless it is an identifier. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : stringLiteral(name);
}

/** Formats a documentation comment; empty if the text is empty. */
export function docComment(text: string): string {
  const lines = text.replaceAll("*/", "*\\/").split(/\r\n|[\r\n\u2028\u2029]/);
  const shown = lines.map((line) => ` * ${line.replace(UNSAFE, " ")}`.trimEnd());
  // The delimiters are on separate lines: the compiler obeys directives like `@ts-expect-error` in a comment's last line.
  return text.trim() === "" ? "" : `/**\n${shown.join("\n")}\n */\n`;
}

/** Escapes a text for one line of a terminal. */
export function printable(text: string): string {
  return escapeUnsafe(text);
}

/** Quotes and truncates a text for a message. */
export function quoted(text: string): string {
  const isLong = text.length > MAX_QUOTED;
  return stringLiteral(isLong ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

/** Indents non-empty lines by two spaces. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
