// @ts-check
/** Removes panic messages, which no browser shows: panics trap immediately, as with nightly's `immediate-abort`. */
import { readFile } from "node:fs/promises";
import { usedConstants } from "./data.mjs";
import { itemsOf, writeText } from "./text.mjs";

/** Functions of Rust's standard library that never return. */
const PANIC = new RegExp(
  [
    String.raw`core\[\w+\]::(panicking|option|result|cell|slice::index|cell::lazy)::\w*(panic|fail|overflow)`,
    String.raw`alloc\[\w+\]::(raw_vec::(handle_error|capacity_overflow)|alloc::handle_alloc_error)`,
    String.raw`std\[\w+\]::(panicking|alloc::rust_oom|sys::backtrace::__rust_end_short_backtrace)`,
    String.raw`__rustc\[\w+\]::(rust_begin_unwind|rust_panic|__rust_start_panic)`,
    "::assert_failed",
    "wasm_bindgen::throw_str",
  ].join("|"),
);

/** Formatting functions. Only panics may use them: see `text.rs`. */
const FORMATTING = /\bcore\[\w+\]::fmt\b/;

/** Removes the calls of emptied functions, with the arguments and parameters that only these use. */
const REMOVE_CALLS = ["inlining-optimizing", "dae-optimizing", "inlining-optimizing", "dce"];

/**
 * Empties the functions that only panics use, and drops the constants that only panics use. The module must have a name
 * section.
 *
 * @param {string} file - The module, modified in place.
 */
export async function silencePanics(file) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(await readFile(file));
  try {
    const original = itemsOf(module);
    rejectFormatting(original);
    const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
      module.getFunctionByIndex(index),
    );
    let emptied = 0;
    for (const one of functions) {
      const { base, name } = binaryen.getFunctionInfo(one);
      if (base !== "" && base !== null) continue;
      if (!PANIC.test(name) && !FORMATTING.test(name)) continue;
      // Its type definitions lack `Function.setBody`.
      /** @type {any} */ (binaryen).Function.setBody(one, module.unreachable());
      emptied += 1;
    }
    if (emptied === 0) throw new Error(`${file} has no panics: is its name section missing?`);
    const silenced = itemsOf(module);
    // Not written: the code would compress worse.
    module.runPasses(REMOVE_CALLS);
    const [usedBefore, usedAfter] = [usedConstants(original), usedConstants(itemsOf(module))];
    const items = silenced.filter((item) => usedAfter.has(item) || !usedBefore.has(item));
    await writeText(file, { items, features: module.getFeatures() });
  } finally {
    module.dispose();
  }
}

/** Throws if anything but a panic uses formatting: it would trap. @param {string[]} items - Those of a module in the text format. */
function rejectFormatting(items) {
  for (const body of items.map((item) => item.replaceAll("\\5b", "[").replaceAll("\\5d", "]"))) {
    const [name = ""] = body.split("\n", 1);
    if (!name.startsWith(" (func ") || PANIC.test(name) || FORMATTING.test(name)) continue;
    const used = body.match(/\(call \$\S*core\[\w+\]::fmt\S*/);
    if (used) throw new Error(`Formatting outside a panic would trap: ${used[0]} in ${name}`);
  }
}
