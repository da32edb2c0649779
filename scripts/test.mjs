// @ts-check
/** Runs every check that must pass before a change is merged. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMain, root, run } from "./lib/run.mjs";
import { firstLoad } from "./lib/size.mjs";
import { runSteps } from "./lib/steps.mjs";
import { toolEnvironment } from "./lib/tools.mjs";
import { testInBrowser } from "./lib/wasm-browsers.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/test.mjs [step…]

Installs the required tools and runs every check, two steps at a time, or only the given steps, one after the other. Steps:`;

/** Budget for the WebAssembly and JavaScript that a page loads for a client, in bytes after brotli compression. */
const SIZE_BUDGET = 46_260;

/** Inputs for each of the five properties of tests/fuzz.rs: a million in total. */
const FUZZ_CASES = 200_000;

/** Number of simulated worlds, and of those with a batch. None may violate a rule. */
const WORLDS = 1_000_000;
const BATCH_WORLDS = 100_000;

const WASM_TARGET = ["--target", "wasm32-unknown-unknown"];
const WASM = [...WASM_TARGET, "--features", "js", "-p", "browser-use-skills"];
const DENY = ["--", "--deny", "warnings"];

/** Cargo's target folders. Cargo locks them: two builds in the same folder wait for each other. */
const NATIVE_TARGET = "target";
const WASM_TARGET_FOLDER = join("target", "wasm");

/**
 * In the order in which they start: first the dependencies of others, then the longest. Those that run a folder of tests/ have
 * its name.
 *
 * @type {Record<string, import("./lib/steps.mjs").Step>}
 */
export const steps = {
  build: {
    locks: WASM_TARGET_FOLDER,
    run: async () => {
      const { buildCrashingClient, buildPackage } = await import("./build.mjs");
      await buildPackage();
      await buildCrashingClient();
    },
  },
  browser: { needs: ["build"], run: () => runTests("browser") },
  package: { needs: ["build"], run: () => runTests("package") },
  lint: {
    locks: NATIVE_TARGET,
    run: async () => {
      await run("cargo", ["clippy", "--workspace", "--all-targets", ...DENY]);
      await run("cargo", ["clippy", "--all-targets", ...WASM, ...DENY]);
      await run("cargo", ["clippy", ...WASM_TARGET, "-p", "browser-use-skills", ...DENY]);
      await run("cargo", ["clippy", ...WASM_TARGET, "-p", "browser-use-skills-emulator", ...DENY]);
    },
  },
  rust: {
    locks: NATIVE_TARGET,
    run: async () => {
      await run("cargo", ["test", "--workspace"]);
      const env = { ...process.env, PROPTEST_CASES: String(FUZZ_CASES) };
      await run("cargo", ["test", "--profile", "fuzz", "--test", "fuzz"], { env });
    },
  },
  simulator: {
    locks: NATIVE_TARGET,
    run: async () => {
      const { simulate } = await import("./simulate.mjs");
      await simulate(["--worlds", String(WORLDS)]);
      await simulate(["--batch", "--worlds", String(BATCH_WORLDS)]);
    },
  },
  generated: {
    locks: NATIVE_TARGET,
    run: () => run("cargo", ["run", "--quiet", "-p", "xtask", "--", "--check"]),
  },
  docs: {
    locks: NATIVE_TARGET,
    run: async () => {
      const env = { ...process.env, RUSTDOCFLAGS: "--deny warnings" };
      await run("cargo", ["doc", "--no-deps", ...WASM_TARGET, "-p", "browser-use-skills"], { env });
      await checkRustApi();
      await run("cargo", ["test", "--doc", ...WASM_TARGET, "-p", "browser-use-skills"], {
        env: wasmTestEnvironment(),
      });
    },
  },
  consumers: { needs: ["build"], run: () => runTests("consumers") },
  proxy: { needs: ["build"], run: () => runTests("proxy") },
  cli: { needs: ["build"], run: () => runTests("cli") },
  node: { locks: NATIVE_TARGET, run: () => wasmTests({ WASM_BINDGEN_USE_NODE_EXPERIMENTAL: "1" }) },
  chromium: { locks: NATIVE_TARGET, run: () => testInBrowser("chromium", wasmTests) },
  firefox: { locks: NATIVE_TARGET, run: () => testInBrowser("firefox", wasmTests) },
  webkit: {
    locks: NATIVE_TARGET,
    run: async () => {
      if (process.platform === "linux") await testInBrowser("webkit", wasmTests);
      else console.log("skipped: WebKitGTK is installed on Linux only");
    },
  },
  reference: {
    needs: ["build"],
    run: () => run("npx", ["--offline", "typedoc"], { cwd: join(root, "docs") }),
  },
  types: {
    needs: ["build"],
    run: async () => {
      for (const project of ["tsconfig.json", "www/tsconfig.json"]) {
        await run("tsc", ["-p", project], { env: toolEnvironment() });
      }
    },
  },
  size: { needs: ["build"], run: checkSize },
  repository: { run: () => runTests("repository") },
  words: { run: () => run(process.execPath, ["scripts/words.mjs"]) },
  format: {
    run: async () => {
      await run("cargo", ["fmt", "--check"]);
      for (const example of ["yew", "leptos"]) {
        await run("cargo", ["fmt", "--check", "--manifest-path", `examples/${example}/Cargo.toml`]);
      }
      await run("biome", ["ci", "--error-on-warnings"], { env: toolEnvironment() });
    },
  },
};

/** Runs the tests of a folder of tests/. @param {string} folder */
async function runTests(folder) {
  const names = await readdir(join(root, "tests", folder));
  const files = names.filter((name) => name.endsWith(".test.mjs"));
  const options = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
  const paths = files.map((name) => join("tests", folder, name));
  await run(process.execPath, [...options, ...paths], { env: toolEnvironment() });
}

/** @param {Record<string, string>} where */
function wasmTests(where) {
  const env = { ...wasmTestEnvironment(), ...where };
  return run("cargo", ["test", ...WASM, "--lib", "--test", "rust_api"], { env });
}

function wasmTestEnvironment() {
  return { ...toolEnvironment(), CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" };
}

async function checkRustApi() {
  const { rustApi, rustApiFile } = await import("./lib/rust-api.mjs");
  const found = (await rustApi()).split("\n");
  const known = (await readFile(rustApiFile, "utf8")).split("\n");
  const changes = [
    ...known.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !known.includes(line)).map((line) => `+ ${line}`),
  ];
  if (changes.length === 0) return;
  const how = "the Rust API has changed; `npm run report` updates docs/rust-api.txt";
  throw new Error([how, ...changes].join("\n"));
}

async function checkSize() {
  const { wasm, script, total } = await firstLoad(join(root, "pkg"));
  console.log(`brotli bytes: ${wasm} wasm + ${script} JavaScript = ${total} of ${SIZE_BUDGET}`);
  if (total > SIZE_BUDGET) throw new Error("the package exceeds its size budget");
}

/** @param {string[]} names */
async function test(names) {
  const unknown = names.filter((name) => !(name in steps));
  if (unknown.length > 0) throw new Error(`unknown step: ${unknown.join(", ")}`);
  if (names.length > 0) {
    for (const name of names) await steps[name]?.run();
    return;
  }
  const began = performance.now();
  await setup();
  console.log(`setup: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const script = join(root, "scripts", "test.mjs");
  const hasPassed = await runSteps(steps, (name) => [process.execPath, script, name]);
  if (!hasPassed) throw new Error("a step failed: see above");
}

if (isMain(import.meta.url)) {
  const names = process.argv.slice(2);
  if (names.includes("--help")) console.log(HELP, Object.keys(steps).join(", "));
  else {
    await test(names).catch((error) => {
      console.error(`\nfailed: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
