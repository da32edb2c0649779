// @ts-check
import { run } from "../lib/run.mjs";
import { toolEnvironment } from "../lib/tools.mjs";
import { FEATURE_FLAGS } from "./features.mjs";

/** Minimizes the compressed size of a module. @param {string} file - Modified in place. */
export async function optimise(file) {
  // Inlining less compresses better: separate functions resemble each other.
  const inlining = "--one-caller-inline-max-function-size=30";
  // The stack ends in the first kilobyte of memory, so the module stores no data there.
  const memory = "--low-memory-unused";
  // Similar code in sequence compresses better.
  const order = ["--reorder-locals", "--reorder-functions-by-name"];
  const passes = [inlining, memory, "-Oz", "--flatten", "--rereloop", "-Oz", "-Oz", ...order];
  const strip = ["--strip-debug", "--strip-producers"];
  await run("wasm-opt", [...passes, ...strip, ...FEATURE_FLAGS, file, "-o", file], {
    env: toolEnvironment(),
  });
}
