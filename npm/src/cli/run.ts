// `npx browser-use-skills run`: runs a skill for every row of a file.
import { basename, extname } from "node:path";
import {
  type BatchOptions,
  type BatchProgress,
  batch,
  type PauseReason,
  parametersFromText,
} from "../batch.js";
import type { SkillResponse } from "../generated/models.js";
import { BrowserUse } from "../node.js";
import { openBatchFolder } from "./batch-folder.js";
import type { FileStore } from "./file-store.js";
import { ProgressBar } from "./progress-bar.js";
import { openResults } from "./results.js";
import { formatOf, type Row, readRows } from "./rows.js";
import { printable } from "./text.js";
import { read, UsageError } from "./usage.js";

const HELP = `Usage: browser-use-skills run <skill> --in FILE [options]

Runs a skill, named by its id, for every row of a CSV or NDJSON file. The columns are the parameters. Every row is paid for once: after
Ctrl-C or a crash, the same command continues. Reads the API key from BROWSER_USE_API_KEY.

  --in FILE             rows: .csv with a header, or .ndjson or .jsonl with a JSON object per line
  --out FILE            results: .csv, .ndjson or .jsonl (the name of --in with .results.ndjson). The folder FILE.batch beside it has the
                        state of the batch; delete it to start again
  --parameters A,B      columns to pass to the skill (all)
  --concurrency N       maximum number of rows that run at once (as many as the plan allows)
  --budget N            maximum number of executions
  --budget-usd N        maximum amount in US dollars
  --retry-failed N      how often a row is run again, and paid for again, if the skill reports a failure (0)
  --shared-account      others use the account at the same time: lost responses that cannot be attributed become unknown rows
  --base-url URL        base URL of the API (that of the cloud)
  --help                show this help

Exit codes: 0 all rows succeeded, 1 error, 2 invalid usage, 3 some rows have no output, 4 paused, 130 interrupted.`;

const EXIT = { incomplete: 3, paused: 4, interrupted: 130 };

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = read({
    args,
    allowPositionals: true,
    options: {
      in: { type: "string", short: "i" },
      out: { type: "string", short: "o" },
      parameters: { type: "string" },
      concurrency: { type: "string" },
      budget: { type: "string" },
      "budget-usd": { type: "string" },
      "retry-failed": { type: "string" },
      "shared-account": { type: "boolean" },
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
  const [skillId, ...others] = positionals;
  if (skillId === undefined || others.length > 0) throw new UsageError("Name one skill by its id.");
  if (values.in === undefined) throw new UsageError("--in is required.");
  const input = values.in;
  formatOf(input);
  const out = values.out ?? `${basename(input, extname(input))}.results.ndjson`;
  formatOf(out);
  const columns = values.parameters?.split(",").map((name) => name.trim());
  const budget = {
    executions: count("--budget", values.budget),
    usd: amount("--budget-usd", values["budget-usd"]),
  };
  const concurrency = count("--concurrency", values.concurrency);
  const retryFailed = count("--retry-failed", values["retry-failed"]);

  const folder = await openBatchFolder(`${out}.batch`);
  try {
    const client = new BrowserUse({
      apiKey,
      baseUrl: values["base-url"],
      journal: folder.journal,
      sharedAccount: values["shared-account"],
      maxConcurrent: concurrency ?? "plan",
    });
    const skill = await client.skills.get(skillId);
    process.exitCode = await runBatch({ client, skill, input, out, columns }, folder.store, {
      concurrency,
      budget,
      retryFailed,
    });
  } finally {
    await folder.close();
  }
}

interface Job {
  client: BrowserUse;
  skill: SkillResponse;
  input: string;
  out: string;
  columns: string[] | undefined;
}

/** Runs or continues the batch. Returns the exit code. */
async function runBatch(
  { client, skill, input, out, columns }: Job,
  store: FileStore,
  options: Pick<BatchOptions<Row>, "concurrency" | "budget" | "retryFailed">,
): Promise<number> {
  const bar = new ProgressBar();
  const results = await openResults(out);
  const running = batch(client.skill(skill), repeatable(input), {
    ...options,
    id: skill.id,
    store,
    validate: "all",
    parameters: (row) => parametersFromText(skill.parameters, pick(row, columns)),
    onProgress: (progress) => {
      bar.show(progress);
      // A terminal cannot resume it later: the same command does.
      if (hasStopped(progress)) void running.cancel();
    },
  });
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    void running.cancel();
  };
  process.once("SIGINT", interrupt);
  try {
    for await (const result of running) await results.write(result);
  } finally {
    process.removeListener("SIGINT", interrupt);
    bar.end(running.progress);
    await results.close();
  }
  for (const line of summary(running.progress, isInterrupted, out)) console.error(printable(line));
  return exitCode(running.progress, isInterrupted);
}

/** The rows of a file, which is read again by each iteration. */
function repeatable(file: string): AsyncIterable<Row> {
  return { [Symbol.asyncIterator]: () => readRows(file) };
}

function pick(row: Row, columns: string[] | undefined): Row {
  return columns ? Object.fromEntries(columns.map((name) => [name, row[name]])) : row;
}

/** Whether nothing will change by itself. Rows that run when a budget is reached are awaited. */
function hasStopped({ paused, running }: BatchProgress): boolean {
  if (paused === "budget" || paused === "credits") return running === 0;
  return paused !== undefined;
}

function exitCode(progress: BatchProgress, isInterrupted: boolean): number {
  const { failed, rejected, unknown, paused } = progress;
  if (isInterrupted) return EXIT.interrupted;
  if (paused) return EXIT.paused;
  return failed + rejected + unknown > 0 ? EXIT.incomplete : 0;
}

/** Why each reason pauses a batch, and what to do. */
const PAUSED: Record<PauseReason, string> = {
  caller: "interrupted",
  budget: "the budget is used up: raise --budget or --budget-usd",
  credits: "the account has too few credits",
  authentication: "the API key was rejected, or must not use the skill",
  skill: "the skill does not exist, is disabled or not finished",
  network: "the network or the API has failed repeatedly",
  journal: "the journal cannot be written",
  store: "the results cannot be stored",
};

function summary(
  { done, failed, rejected, unknown, executions, paused }: BatchProgress,
  isInterrupted: boolean,
  out: string,
): string[] {
  const counts = [`${done} done`];
  if (failed > 0) counts.push(`${failed} failed`);
  if (rejected > 0) counts.push(`${rejected} rejected`);
  if (unknown > 0) counts.push(`${unknown} unknown`);
  const lines = [`${counts.join(", ")}; ${executions} executions. Results: ${out}`];
  if (isInterrupted) lines.push("Interrupted. The same command continues.");
  else if (paused) lines.push(`Paused: ${PAUSED[paused]}. The same command continues.`);
  return lines;
}

function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} must be a whole number.`);
  return Number(text);
}

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${option} must be an amount, such as 5 or 0.5.`);
  return Number(text);
}
