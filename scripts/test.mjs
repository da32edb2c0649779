// @ts-check
/** Everything that must hold before a change lands. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { isMain, root, run } from "./lib/run.mjs";
import { findChrome, findChromedriver, findGeckodriver, toolEnvironment } from "./lib/tools.mjs";
import { setup } from "./setup.mjs";

const HELP = `Usage: node scripts/test.mjs [step…]

Installs what it needs and runs every check, or only the steps named. Steps:`;

/** What a page loads for one client, brotli bytes, WebAssembly and JavaScript together. */
const SIZE_BUDGET = 47_500;

/** For each of the five properties of tests/fuzz.rs: a million inputs in all. */
const FUZZ_CASES = 200_000;

const WASM_TARGET = ["--target", "wasm32-unknown-unknown"];
const WASM = [...WASM_TARGET, "--features", "js", "-p", "browser-use-skills"];
const DENY = ["--", "--deny", "warnings"];

/** @type {Record<string, () => Promise<void>>} */
const steps = {
  format: async () => {
    await run("cargo", ["fmt", "--check"]);
    await run("cargo", ["fmt", "--check", "--manifest-path", "examples/yew/Cargo.toml"]);
    await run("biome", ["ci", "--error-on-warnings"], { env: toolEnvironment() });
  },
  lint: async () => {
    await run("cargo", ["clippy", "--workspace", "--all-targets", ...DENY]);
    await run("cargo", ["clippy", "--all-targets", ...WASM, ...DENY]);
    await run("cargo", ["clippy", ...WASM_TARGET, "-p", "browser-use-skills", ...DENY]);
    await run("cargo", ["clippy", ...WASM_TARGET, "-p", "browser-use-skills-emulator", ...DENY]);
  },
  generated: () => run("cargo", ["run", "--quiet", "-p", "xtask", "--", "--check"]),
  native: async () => {
    await run("cargo", ["test", "--workspace"]);
    const env = { ...process.env, PROPTEST_CASES: String(FUZZ_CASES) };
    await run("cargo", ["test", "--profile", "fuzz", "--test", "fuzz"], { env });
  },
  docs: async () => {
    const env = { ...process.env, RUSTDOCFLAGS: "--deny warnings" };
    await run("cargo", ["doc", "--no-deps", ...WASM_TARGET, "-p", "browser-use-skills"], { env });
    await run("cargo", ["test", "--doc", ...WASM_TARGET, "-p", "browser-use-skills"], {
      env: wasmTestEnvironment(),
    });
  },
  node: () => wasmTests({ WASM_BINDGEN_USE_NODE_EXPERIMENTAL: "1" }),
  chromium: () =>
    wasmTests({
      WASM_BINDGEN_USE_BROWSER: "1",
      CHROMEDRIVER: findChromedriver() ?? "",
      CHROME: findChrome() ?? "",
    }),
  firefox: () => wasmTests({ WASM_BINDGEN_USE_BROWSER: "1", GECKODRIVER: findGeckodriver() ?? "" }),
  build: async () => {
    const { buildPackage } = await import("./build.mjs");
    await buildPackage();
    await run("cargo", ["build", "--release", "--package", "browser-use-skills-emulator"]);
  },
  size: checkSize,
  reference: () => run("npx", ["--offline", "typedoc"], { cwd: join(root, "docs") }),
  types: async () => {
    for (const project of ["tsconfig.json", "www/tsconfig.json"]) {
      await run("tsc", ["-p", project], { env: toolEnvironment() });
    }
  },
  package: async () => {
    const names = await readdir(join(root, "tests"));
    const files = names.filter((name) => name.endsWith(".test.mjs")).map((name) => join("tests", name));
    await run(process.execPath, ["--test", "--test-concurrency=1", ...files], { env: toolEnvironment() });
  },
};

/** @param {Record<string, string>} where */
function wasmTests(where) {
  const env = { ...wasmTestEnvironment(), ...where };
  return run("cargo", ["test", ...WASM, "--lib", "--test", "rust_api"], { env });
}

function wasmTestEnvironment() {
  return { ...toolEnvironment(), CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" };
}

async function checkSize() {
  const sizes = await Promise.all(
    ["browser_use_skills_bg.wasm", "index.js"].map(async (name) => {
      const bytes = await readFile(join(root, "pkg", name));
      return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    }),
  );
  const [wasm = 0, script = 0] = sizes;
  console.log(`brotli bytes: ${wasm} wasm + ${script} JavaScript = ${wasm + script} of ${SIZE_BUDGET}`);
  if (wasm + script > SIZE_BUDGET) throw new Error("the package is larger than its budget");
}

/** @param {string[]} names */
async function test(names) {
  const unknown = names.filter((name) => !(name in steps));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}`);
  await setup();
  const began = Date.now();
  for (const [name, step] of Object.entries(steps)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n== ${name} (${Math.round((Date.now() - began) / 1000)} s)`);
    await step();
  }
  console.log(`\nall steps passed in ${Math.round((Date.now() - began) / 1000)} s`);
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
