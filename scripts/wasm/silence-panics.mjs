// @ts-check
/** Removes panic messages, which no browser shows: panics trap immediately, as with nightly's `immediate-abort`. */
import { readFile, writeFile } from "node:fs/promises";

/** Functions of Rust's standard library that never return. */
const PANIC = new RegExp(
  [
    String.raw`core\[\w+\]::(panicking|option|result|cell|slice::index|cell::lazy)::\w*(panic|fail|overflow)`,
    String.raw`alloc\[\w+\]::(raw_vec::(handle_error|capacity_overflow)|alloc::handle_alloc_error)`,
    String.raw`std\[\w+\]::(panicking|alloc::rust_oom|sys::backtrace::__rust_end_short_backtrace)`,
    String.raw`__rustc\[\w+\]::(rust_begin_unwind|rust_panic|__rust_start_panic)`,
    "wasm_bindgen::throw_str",
  ].join("|"),
);

/** Formatting functions. Only panics may use them: see `text.rs`. */
const FORMATTING = /\bcore\[\w+\]::fmt\b/;

/**
 * Empties the functions that only panics use. The module must have a name section.
 *
 * @param {string} file - The module, modified in place.
 */
export async function silencePanics(file) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(await readFile(file));
  try {
    rejectFormatting(module.emitText());
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
    await writeFile(file, module.emitBinary());
  } finally {
    module.dispose();
  }
}

/** Throws if anything but a panic uses formatting: it would trap. @param {string} text - A module in the text format. */
function rejectFormatting(text) {
  for (const body of text.replaceAll("\\5b", "[").replaceAll("\\5d", "]").split("\n (func ").slice(1)) {
    const [name = ""] = body.split("\n", 1);
    if (PANIC.test(name) || FORMATTING.test(name)) continue;
    const used = body.match(/\(call \$\S*core\[\w+\]::fmt\S*/);
    if (used) throw new Error(`Formatting outside a panic would trap: ${used[0]} in ${name}`);
  }
}
