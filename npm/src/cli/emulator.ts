// `npx browser-use-skills emulator`: serves the emulator over HTTP.
import { readFile } from "node:fs/promises";
import type { EmulatorCore } from "wasm-emulator";
import { ADMIN, admin, createCore } from "../emulator/core.js";
import { loader } from "../emulator/load.js";
import { listen } from "./server.js";
import { describeSettings, readSettings, settingOptions } from "./settings.js";
import { read, UsageError } from "./usage.js";

/** @param settings - Help text of the settings. */
const help = (settings: string) => `Usage: browser-use-skills emulator [options]

Emulates the skills of Browser Use Cloud over HTTP, for development and tests. Amounts are in US dollars, durations in
milliseconds.

  --host HOST                 host to listen on (127.0.0.1)
  --port PORT                 port; 0 for any that is free (8787)
${settings}
  --fault JSON                fault of the next requests; repeatable (none), such as
                              '{"kind":"status","status":503,"operation":"skills.execute","count":2}'
  --help                      this text

The base path of the API is /api/v2. Settings, faults and the request log are available under ${ADMIN}.`;

loader.setLocation({
  fallback: () => readFile(new URL("../browser_use_skills_emulator_bg.wasm", import.meta.url)),
});

export async function run(args: string[]): Promise<void> {
  const { values } = read({
    args,
    options: {
      ...settingOptions,
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8787" },
      fault: { type: "string", multiple: true, default: [] as string[] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    const { body } = admin(await createCore({}), "GET", `${ADMIN}/settings`, "");
    console.log(help(describeSettings(JSON.parse(body))));
    return;
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new UsageError("--port must be a whole number up to 65535.");
  const core = await createCore(readSettings(values));
  for (const fault of values.fault) addFault(core, fault);
  console.log(`listening on ${await listen(core, values.host, Number(values.port))}`);
}

function addFault(core: EmulatorCore, text: string): void {
  const { status, body } = admin(core, "POST", `${ADMIN}/faults`, text);
  if (status >= 400) throw new UsageError(`--fault ${text}: ${JSON.parse(body).detail}`);
}
