// `npx browser-use-skills types`: generates TypeScript types of the parameters and outputs of your skills.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SkillResponse } from "../generated/models.js";
import { BrowserUse } from "../node.js";
import { declarations } from "./declarations.js";
import { printable } from "./text.js";
import { read, UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills types [options] [skill…]

Generates types of your skills' parameters and outputs for client.skill("<id>"). Name skills by id or slug; the default is
all finished skills. Reads the API key from BROWSER_USE_API_KEY. Lists parts of a schema that the types do not express on
standard error.

  --out FILE        file to write, such as src/skills.d.ts; its folder is created (standard output)
  --base-url URL    base URL of the API (that of the cloud)
  --help            show this help`;

const UUID = /^[0-9a-f-]{36}$/i;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = read({
    args,
    allowPositionals: true,
    options: {
      out: { type: "string", short: "o" },
      "base-url": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const apiKey = process.env.BROWSER_USE_API_KEY;
  if (!apiKey) throw new UsageError("Set BROWSER_USE_API_KEY to the API key of your project.");
  const client = new BrowserUse({ apiKey, baseUrl: values["base-url"] });
  const { text, warnings } = declarations(await find(client, positionals));
  for (const warning of warnings) console.error(printable(warning));
  if (values.out === undefined) process.stdout.write(text);
  else await write(values.out, text);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new Error(`Cannot write ${file}: ${(error as Error).message}`);
  }
}

async function find(client: BrowserUse, names: string[]): Promise<SkillResponse[]> {
  const all: SkillResponse[] = [];
  if (names.length === 0 || names.some((name) => !UUID.test(name)))
    for await (const skill of client.skills.list({ pageSize: 100 })) all.push(skill);
  if (names.length === 0) return all.filter(isFinished);
  const found: SkillResponse[] = [];
  for (const name of names) {
    const skill = UUID.test(name) ? await client.skills.get(name) : all.find(({ slug }) => slug === name);
    if (!skill) throw new Error(`You have no skill with the slug "${name}". Clone a public skill first.`);
    if (!isFinished(skill)) throw new Error(`"${name}" is not finished: its parameters are not known yet.`);
    found.push(skill);
  }
  return found;
}

function isFinished({ currentVersion }: SkillResponse): boolean {
  return currentVersion !== null;
}
