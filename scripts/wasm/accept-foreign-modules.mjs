// @ts-check
import { patch, replaceAll } from "./patch.mjs";

/**
 * Lets `initSync` accept modules of another realm, such as those that Next.js passes to an edge route: they are not
 * instances of this realm's `WebAssembly.Module`. Callers compile anything else before.
 *
 * @param {string} glue - The JavaScript, modified in place.
 */
export async function acceptForeignModules(glue) {
  const compiles =
    /^ *if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n *\}\n(?= *const instance)/gm;
  await patch(glue, (script) => replaceAll(script, compiles, ""));
}
