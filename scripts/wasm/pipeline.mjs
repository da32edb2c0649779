// @ts-check
// Processes the output of wasm-bindgen. README.md says why each step exists and what it gains.
import { acceptForeignModules } from "./accept-foreign-modules.mjs";
import { BOUNDARIES } from "./boundary.mjs";
import { mergeData } from "./data.mjs";
import { dropDescriptors } from "./drop-descriptors.mjs";
import { linkParts } from "./link-parts.mjs";
import { optimise } from "./optimise.mjs";
import { reportCrashes } from "./report-crashes.mjs";
import { shortenNames } from "./shorten-names.mjs";
import { silencePanics } from "./silence-panics.mjs";
import { dropUnusedExports, split } from "./split.mjs";
import { writeId } from "./write-id.mjs";

/**
 * Files that each step modifies in place.
 *
 * @typedef {object} Wasm
 * @property {string} file - The WebAssembly.
 * @property {string} glue - The JavaScript of wasm-bindgen.
 * @property {string[]} later - The later parts of the client's WebAssembly.
 */

/**
 * @typedef {object} Step
 * @property {string} name - That of its file.
 * @property {boolean} [isOptional] - Whether the package works without it.
 * @property {(wasm: Wasm) => Promise<void>} run
 */

/** @type {Step[]} */
const CLIENT_STEPS = [
  { name: "report-crashes", run: ({ glue }) => reportCrashes(glue) },
  { name: "accept-foreign-modules", run: ({ glue }) => acceptForeignModules(glue) },
  { name: "link-parts", run: ({ glue, later }) => linkParts(glue, later) },
  { name: "silence-panics", isOptional: true, run: ({ file }) => silencePanics(file) },
  { name: "drop-descriptors", isOptional: true, run: ({ file }) => dropDescriptors(file) },
  { name: "shorten-names", isOptional: true, run: ({ file, glue }) => shortenNames(file, glue) },
  { name: "split", isOptional: true, run: ({ file, later }) => split(file, later, BOUNDARIES) },
  { name: "optimise", isOptional: true, run: ({ file, later }) => optimiseParts(file, later) },
  { name: "write-id", run: ({ file, later }) => writeId([file, ...later]) },
];

/** The emulator has one part, and its panics have messages. @type {Step[]} */
const EMULATOR_STEPS = [
  { name: "accept-foreign-modules", run: ({ glue }) => acceptForeignModules(glue) },
  { name: "drop-descriptors", isOptional: true, run: ({ file }) => dropDescriptors(file) },
  { name: "shorten-names", isOptional: true, run: ({ file, glue }) => shortenNames(file, glue) },
  { name: "optimise", isOptional: true, run: ({ file }) => optimiseFirst(file) },
  { name: "write-id", run: ({ file }) => writeId([file]) },
];

/** The names of the steps of the client. */
export const STEPS = CLIENT_STEPS.map(({ name }) => name);

/** The names of the steps that a plain build leaves out. */
export const OPTIONAL_STEPS = CLIENT_STEPS.filter(({ isOptional }) => isOptional).map(({ name }) => name);

/** @param {Wasm} wasm @param {string[]} leftOut - Names of steps. */
export async function processClient(wasm, leftOut) {
  await runSteps(CLIENT_STEPS, wasm, leftOut);
}

/** @param {Omit<Wasm, "later">} wasm @param {string[]} leftOut - Names of steps. */
export async function processEmulator(wasm, leftOut) {
  await runSteps(EMULATOR_STEPS, { ...wasm, later: [] }, leftOut);
}

/** @param {Step[]} steps @param {Wasm} wasm @param {string[]} leftOut */
async function runSteps(steps, wasm, leftOut) {
  for (const { name, run } of steps) if (!leftOut.includes(name)) await run(wasm);
}

/** @param {string} file @param {string[]} later */
async function optimiseParts(file, later) {
  for (const part of later) await optimise(part);
  await dropUnusedExports(file, later);
  await optimiseFirst(file);
}

/** @param {string} file */
async function optimiseFirst(file) {
  await mergeData(file);
  await optimise(file);
}
