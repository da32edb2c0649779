// @ts-check
/** The projects of tests/consumers, which use the package as strangers do. */
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";
import { setup } from "../../scripts/setup.mjs";

/** Where they live, with the packages that they share. */
export const consumersFolder = join(root, "tests", "consumers");

/**
 * The path of a program that the consumers use, which is installed if it is not there.
 *
 * @param {string} name
 */
export async function consumersBin(name) {
  await setup(["consumers"]);
  return join(consumersFolder, "node_modules", ".bin", name);
}
