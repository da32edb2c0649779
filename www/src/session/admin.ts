/** Controls the emulator, in the page or over HTTP: both accept the same requests under `/__emulator`. */
import { effect, signal } from "@preact/signals";
import type { EmulatorFault, EmulatorSettings } from "browser-use-skills/emulator";
import { connection, isEmulated, plainFetch } from "./connection.js";
import { callCount, calls } from "./recorder.js";

/** Current settings of the emulator; `credits` is the remaining balance. */
export const emulatorSettings = signal<Required<EmulatorSettings> | undefined>(undefined);

async function request<Data>(method: string, path: string, body?: unknown): Promise<Data> {
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
  if (response.status >= 400) throw new Error(`The emulator responded with ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Data;
}

export async function readSettings(): Promise<void> {
  emulatorSettings.value = await request("GET", "/settings");
}

export async function changeSettings(change: EmulatorSettings): Promise<void> {
  emulatorSettings.value = await request("PATCH", "/settings", change);
}

export async function addFault(fault: EmulatorFault): Promise<void> {
  await request("POST", "/faults", fault);
}

export async function clearFaults(): Promise<void> {
  await request("DELETE", "/faults");
}

/** Deletes all state and restores the initial settings. */
export async function resetEmulator(): Promise<void> {
  await request("POST", "/reset", {});
  await readSettings();
}

/** Reloads the settings after each call, because calls spend credits. */
export function followSettings(): void {
  let seen = -1;
  effect(() => {
    const isActive = isEmulated.value;
    const ended = calls.value.filter(({ state }) => state !== "running").length + callCount.value;
    if (!isActive) {
      emulatorSettings.value = undefined;
      seen = -1;
    } else if (ended !== seen && callCount.value > 0) {
      seen = ended;
      // If the emulator is unreachable, the calls themselves show an error.
      void readSettings().catch(() => {});
    }
  });
}
