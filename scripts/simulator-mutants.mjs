// @ts-check
/**
 * Applies known defects to the engine, one at a time, and fails if the simulator does not detect one: `npm run mutants:simulator`.
 * Words after `--` select the mutants whose names contain all of them.
 *
 * A mutant is a patch in tests/mutants/ with a header: the defect, the rule that it violates (R1 to R6, or B1 to B6 in worlds
 * with a batch, see crates/simulator/src/oracle/mod.rs) and the seed of a world that violates it. A change of the engine or the simulator may
 * change the world of a seed. If that world does not violate the rule, the first 100,000 worlds are searched for another seed.
 */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { capture, isMain, root, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const MUTANTS = join(root, "tests", "mutants");
const WORLDS = 100_000;

/**
 * @typedef {object} Mutant
 * @property {string} name
 * @property {string} rule
 * @property {string} seed
 */

/** @param {string[]} words */
async function testMutants(words) {
  const names = (await readdir(MUTANTS)).filter((name) => words.every((word) => name.includes(word)));
  const folder = await mkdtemp(join(tmpdir(), "mutants-"));
  try {
    await copyRepository(folder);
    const failures = [];
    for (const name of names.sort()) {
      const failure = await testMutant(await readMutant(name), folder);
      console.log(failure ?? `${name} is detected`);
      if (failure !== null) failures.push(failure);
    }
    if (names.length === 0) throw new Error(`No mutant has a name with ${words.join(" and ")}`);
    if (failures.length > 0) throw new Error(failures.join("\n"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function copyRepository(folder) {
  const listed = await capture("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
  if (listed === null) throw new Error("git cannot list the files of the repository");
  const isRust = /** @param {string} file */ (file) => /(^|\/)Cargo\.|\.rs$|\.toml$|\.json$|\.js$/.test(file);
  for (const file of listed.split("\n").filter(isRust)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(root, file), join(folder, file)).catch(() => undefined);
  }
}

/**
 * @param {string} name
 * @returns {Promise<Mutant>}
 */
async function readMutant(name) {
  const header = await readFile(join(MUTANTS, name), "utf8");
  const rule = header.match(/^Rule: ([RB][1-6])$/m)?.[1];
  const seed = header.match(/^Seed: (\d+)$/m)?.[1];
  if (rule === undefined || seed === undefined) throw new Error(`${name} lacks a rule or a seed`);
  return { name, rule, seed };
}

/**
 * Returns why the simulator does not detect a mutant; null if it does.
 *
 * @param {Mutant} mutant
 * @param {string} folder
 * @returns {Promise<string | null>}
 */
async function testMutant({ name, rule, seed }, folder) {
  const patch = join(MUTANTS, name);
  const apply = /** @param {string[]} more */ (...more) =>
    capture("git", ["apply", ...more, patch], { cwd: folder });
  if ((await apply()) === null) return `${name} does not apply: update the patch`;
  try {
    const env = { ...process.env, CARGO_TARGET_DIR: join(root, "target", "mutants") };
    const profile = ["--package", "browser-use-skills-simulator", "--profile", "fuzz"];
    await run("cargo", ["build", "--quiet", ...profile], { cwd: folder, env });
    const program = join(env.CARGO_TARGET_DIR, "fuzz", "simulate");
    const kind = rule.startsWith("B") ? ["--batch"] : [];
    if ((await simulate(program, ...kind, "--seed", seed)).includes(`\n${rule}: `)) return null;
    const all = await simulate(program, ...kind, "--worlds", String(WORLDS), "--examples", "1");
    if (!all.includes(" worlds in ")) return `${name} crashes the simulator`;
    const another = all.match(new RegExp(`worlds break ${rule}: .*\n  --seed (\\d+)`))?.[1];
    if (another === undefined) return `${name} is not detected: none of ${WORLDS} worlds violates ${rule}`;
    console.log(`${name}: the world of its seed does not violate ${rule}, that of ${another} does`);
    return null;
  } finally {
    await apply("--reverse");
  }
}

/**
 * Returns the output of the simulator, whatever its exit code.
 *
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<string>}
 */
async function simulate(program, ...args) {
  const shell = 'program=$1; shift; "$program" "$@" || true';
  return (await capture("sh", ["-c", shell, "sh", program, ...args])) ?? "";
}

if (isMain(import.meta.url)) {
  await setup();
  await testMutants(process.argv.slice(2));
}
