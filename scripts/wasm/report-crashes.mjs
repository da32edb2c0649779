// @ts-check
import { patch, replaceAll } from "./patch.mjs";

/**
 * Reports crashes in callbacks, and ignores callbacks (such as timers) of a crashed instance. In both cases
 * wasm-bindgen would throw an uncaught error, which ends a Node process.
 *
 * @param {string} glue - The JavaScript, modified in place.
 */
export async function reportCrashes(glue) {
  await patch(glue, (script) => {
    let patched = script;
    patched = replaceAll(
      patched,
      /(?<=\.\.\.args\);\n {8}\}) finally \{/g,
      " catch (error) { crashed(error); } finally {",
    );
    patched = replaceAll(
      patched,
      /throw new Error\('Cannot invoke closure from previous WASM instance'\);/g,
      "return;",
    );
    patched = replaceAll(
      patched,
      /(?<=if \(--state\.cnt === 0)\) \{/g,
      " && state.instance === __wbg_instance_id) {",
    );
    return `import { crashed } from "crash";\n${patched}`;
  });
}
