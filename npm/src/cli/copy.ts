// `npx browser-use-skills copy`: copies the package files that a page or an extension without a bundler needs.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { read, UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills copy [options] <folder>

Copies the files that a page or an extension without a bundler needs: the client, the journals, batches, the WebAssembly and the
licenses. Creates the folder and overwrites existing files.

  --emulator    copy the emulator too
  --help        show this help`;

/** Files loaded by `index.js`, `journal.js` and `batch.js`. Those with "embedded" in the name are loaded if loading a .wasm file fails. */
const CLIENT_FILES = [
  "index.js",
  "journal.js",
  "batch.js",
  "batch.csv.js",
  "browser_use_skills_bg.wasm",
  "browser_use_skills_extra_bg.wasm",
  "browser_use_skills_batch_bg.wasm",
  "embedded.js",
  "extra.embedded.js",
  "batch.embedded.js",
];
/** Files loaded by `emulator.js`. */
const EMULATOR_FILES = ["emulator.js", "browser_use_skills_emulator_bg.wasm", "emulator.embedded.js"];
const LICENSES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-LICENSES.txt"];

/** Removed, because source maps are not copied. */
const SOURCE_MAP = /\n?\/\/# sourceMappingURL=\S+\s*$/;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = read({
    args,
    allowPositionals: true,
    options: {
      emulator: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new UsageError("copy takes one folder.");
  const names = [...CLIENT_FILES, ...(values.emulator ? EMULATOR_FILES : []), ...LICENSES];
  try {
    await mkdir(folder, { recursive: true });
    for (const name of names) await copy(name, folder);
  } catch (error) {
    throw new Error(`Cannot copy to ${folder}: ${(error as Error).message}`);
  }
  console.log(`Copied to ${folder}:\n${names.map((name) => `  ${name}`).join("\n")}`);
}

async function copy(name: string, folder: string): Promise<void> {
  const content = await readFile(new URL(`../${name}`, import.meta.url));
  const text = name.endsWith(".js") ? content.toString().replace(SOURCE_MAP, "\n") : undefined;
  // Not `copyFile`, which copies permissions too: package managers may install read-only files.
  await writeFile(join(folder, name), text ?? content);
}
