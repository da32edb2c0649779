// @ts-check
/** Finds words that CONTRIBUTING.md replaces by the field's terms, in all texts of the repository. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { capture, isMain, root } from "./lib/run.mjs";

const HELP = `Usage: node scripts/words.mjs [folder or file…]

Lists the words that are not used here, with what to write instead. Fails if there are any.`;

/** What not to write, and what to write instead. */
const WORDS = /** @type {const} */ ([
  [/\bnobody\b/gi, "no other user, no caller, none"],
  [/\bsomebody\b/gi, "another user, a caller"],
  [/\bwhoever\b/gi, "the caller, the user, everyone who"],
  [/\bone['’]s own\b/gi, "your own, the caller's"],
  [/\banew\b/gi, "again"],
  [/\bso many\b/gi, "this many, up to"],
  [/\bhold(?:s|ing)?\b[^.]{0,60}\bagainst\b/gi, "validate"],
  [/\bheld against\b/gi, "compared with, validated against"],
  [/\bcannot be meant\b/gi, "invalid"],
  [/\bfaults? of ours\b/gi, "library fault"],
  [/\bstrangers?\b/gi, "unknown key, installed package, first-time reader"],
  [/answer(?:s|ed|ing)?(?![a-z])/gi, "response, respond, result"],
  // Not Node's `server.address()`, a quoted field of data, or an IP address in a configuration.
  [
    /(?<!\b(?:IP|email|e-mail|MAC|memory|network) )(?<![a-z.])(?!(?<=")address"|address = "\d)address(?:es)?\b(?!\(\))/gi,
    "URL",
  ],
  [/\b(?:whose|in|its|a|the|their) turns?\b/gi, "lock, in order"],
  [/\blook(?:s|ed)?\b(?! (?:up|at|like))/gi, "poll, list request, search"],
  [/\bsends? (?:it )?once more\b/gi, "retries"],
  [/\b(?:is|was|were|are) told\b/gi, "receives, is notified"],
]);

/** Quotations of the contract, generated texts, locks. */
const LEFT_OUT = /^contract\/|package-lock\.json$|Cargo\.lock$|^scripts\/words\.mjs$|^npm\/report\.md$/;
const TEXTS = /\.(rs|ts|tsx|js|mjs|cjs|md|html|css|json|toml|yml|vue|svelte|astro)$/;

/** @param {string[]} places @returns {Promise<string[]>} */
export async function findWords(places = []) {
  const listed = await capture("git", ["ls-files", "--", ...places], { cwd: root });
  const files = (listed ?? "").split("\n").filter((file) => TEXTS.test(file) && !LEFT_OUT.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const lines = (await readFile(join(root, file), "utf8")).split("\n");
      return lines.flatMap((line, index) =>
        WORDS.flatMap(([word, instead]) =>
          Array.from(line.matchAll(word), ([match]) => `${file}:${index + 1}: "${match}": ${instead}`),
        ),
      );
    }),
  );
  return found.flat();
}

if (isMain(import.meta.url)) {
  const places = process.argv.slice(2);
  if (places.includes("--help")) console.log(HELP);
  else {
    const found = await findWords(places);
    for (const line of found) console.log(line);
    console.log(`${found.length} found`);
    if (found.length > 0) process.exitCode = 1;
  }
}
