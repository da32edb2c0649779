/** Code with coloured tokens, as elements: the page's policy forbids the inline styles that the library renders. */
import { useMemo } from "preact/hooks";
import { type ParseOptions, parse } from "sugar-high/core";
import * as javascript from "sugar-high/lang/javascript";
import * as rust from "sugar-high/lang/rust";
import * as shell from "sugar-high/lang/shell";
import * as typescript from "sugar-high/lang/typescript";
import type { Language } from "../lib/snippets.js";

/** The library declares the options of its languages with a narrower type than its parser accepts. */
const GRAMMARS = { javascript, typescript, react: typescript, rust, curl: shell } as unknown as Record<
  Language,
  ParseOptions
>;

/** Longer code is not highlighted: each keystroke parses it. */
const MAX_CHARACTERS = 20_000;

export function Highlighted({ text, language }: { text: string; language: Language }) {
  const lines = useMemo(
    () => (text.length > MAX_CHARACTERS ? undefined : parse(text, GRAMMARS[language]).lines),
    [text, language],
  );
  if (!lines) return <code>{text}</code>;
  return (
    <code>
      {lines.map(({ tokens }, number) => (
        <span key={number}>
          {number > 0 && "\n"}
          {tokens.map(({ type, value }, index) => (
            <span key={index} class={`token-${type}`}>
              {value}
            </span>
          ))}
        </span>
      ))}
    </code>
  );
}
