// @ts-check
/** Drops functions that only wasm-bindgen's descriptors used: it has executed and removed the descriptors. */
import { readText, writeText } from "./text.mjs";

/** A function in the table that is called by its name, by exports, or not at all. */
const DESCRIBED =
  /\$"?(?:wasm_bindgen::convert::closures::_::invoke|js_sys::futures::jspi::)[^\s"]*"?(?=[\s)])/g;

const TRAP = "$dropped";

/**
 * Replaces these functions in the table by one that traps, so that wasm-opt removes them.
 *
 * @param {string} file - The module, with a name section. Modified in place.
 */
export async function dropDescriptors(file) {
  const { items, features } = await readText(file);
  let dropped = 0;
  const changed = items.map((item) =>
    item.startsWith(" (elem ")
      ? item.replace(DESCRIBED, () => {
          dropped += 1;
          return TRAP;
        })
      : item,
  );
  if (dropped === 0) throw new Error(`${file} has no descriptors: is its name section missing?`);
  await writeText(file, { items: [...changed, ` (func ${TRAP} (unreachable))`], features });
}
