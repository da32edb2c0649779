/** Controls the emulator, in the page or over HTTP: both accept the same requests under `/__emulator`. */
import { effect, signal } from "@preact/signals";
import type { EmulatorFault, EmulatorSettings, EmulatorSnapshot } from "browser-use-skills/emulator";
import { connection, isEmulated, plainFetch } from "./connection.js";
import { changeDraft, place } from "./draft.js";
import { forgetJournal, randomIds } from "./emulator.js";
import { callCount, calls } from "./recorder.js";
import { forgetRuns } from "./runs.js";
import { forgetSkills } from "./skills.js";
import { forgetVersions } from "./versions.js";

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
  if (response.status >= 400)
    throw new Error(detailOf(text) ?? `The emulator responded with ${response.status}`);
  return (text === "" ? undefined : JSON.parse(text)) as Data;
}

function detailOf(text: string): string | undefined {
  try {
    return JSON.parse(text).detail;
  } catch {
    return undefined;
  }
}

export async function readSettings(): Promise<void> {
  const live = connection.value;
  const settings = await request<Required<EmulatorSettings>>("GET", "/settings");
  if (live === connection.value) emulatorSettings.value = settings;
}

export async function changeSettings(change: EmulatorSettings): Promise<void> {
  emulatorSettings.value = await request("PATCH", "/settings", change);
}

/** Number of changes that this page made to the pending faults. */
export const faultChanges = signal(0);

export async function addFault(fault: EmulatorFault): Promise<void> {
  await request("POST", "/faults", fault);
  faultChanges.value += 1;
}

/** Returns the pending faults. */
export function readFaults(): Promise<EmulatorFault[]> {
  return request("GET", "/faults");
}

export async function clearFaults(): Promise<void> {
  await request("DELETE", "/faults");
  faultChanges.value += 1;
}

export function takeSnapshot(): Promise<EmulatorSnapshot> {
  return request("GET", "/snapshot");
}

/** Replaces the state. The ids of skills that exist only in the replaced state are not used again. */
export async function restoreSnapshot(snapshot: object): Promise<void> {
  await request("PUT", "/snapshot", { ...snapshot, ids: randomIds() });
  await forgetState();
}

/** Deletes all state and restores the initial settings. */
export async function resetEmulator(): Promise<void> {
  await request("POST", "/reset", {});
  if (connection.value.mode === "emulator") await restoreSnapshot(await takeSnapshot());
  else await forgetState();
}

/** Forgets what the page knows of the replaced state. */
async function forgetState(): Promise<void> {
  forgetRuns();
  forgetSkills();
  forgetVersions();
  if (connection.value.mode === "emulator") forgetJournal();
  changeDraft(place.value, { mayExist: false });
  faultChanges.value += 1;
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
