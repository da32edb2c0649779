/** Steers the emulator, in the page or over HTTP: both take the same requests below `/__emulator`. */
import { effect, signal } from "@preact/signals";
import type { EmulatorFault, EmulatorSettings } from "browser-use-skills/emulator";
import { connection, isEmulated, plainFetch } from "./connection.js";
import { callCount, calls } from "./recorder.js";

/** What the emulator is set to; `credits` is what is left. */
export const emulatorSettings = signal<Required<EmulatorSettings> | undefined>(undefined);

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const live = connection.value;
  const origin = "baseUrl" in live ? new URL(live.baseUrl, location.href).origin : "http://emulator.invalid";
  const response = await plainFetch.value(`${origin}/__emulator${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  const text = await response.text();
  if (response.status >= 400) throw new Error(`The emulator refused: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

export async function readSettings(): Promise<void> {
  emulatorSettings.value = await ask("GET", "/settings");
}

export async function changeSettings(change: EmulatorSettings): Promise<void> {
  emulatorSettings.value = await ask("PATCH", "/settings", change);
}

export async function addFault(fault: EmulatorFault): Promise<void> {
  await ask("POST", "/faults", fault);
}

export async function clearFaults(): Promise<void> {
  await ask("DELETE", "/faults");
}

/** Begins anew, with the settings of the beginning. */
export async function resetEmulator(): Promise<void> {
  await ask("POST", "/reset", {});
  await readSettings();
}

/** Credits are spent by calls: read again after each that has ended. */
export function followSettings(): void {
  let seen = -1;
  effect(() => {
    const isSteered = isEmulated.value;
    const ended = calls.value.filter(({ state }) => state !== "running").length + callCount.value;
    if (!isSteered) {
      emulatorSettings.value = undefined;
      seen = -1;
    } else if (ended !== seen && callCount.value > 0) {
      seen = ended;
      // An emulator that is gone is told by the calls themselves.
      void readSettings().catch(() => {});
    }
  });
}
