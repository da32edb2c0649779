/** Changes the connection, and deletes the state of the previous one. */
import { batch } from "@preact/signals";
import { emulatorSettings } from "./admin.js";
import { type Connection, connection, forgottenKey } from "./connection.js";
import { type Health, health } from "./health.js";
import { report } from "./notice.js";
import { forgetRuns, resumeConnection } from "./runs.js";
import { forgetSkills } from "./skills.js";

export function switchTo(chosen: Connection, found: Health = "unknown"): void {
  forgetRuns();
  forgetSkills();
  batch(() => {
    forgottenKey.value = undefined;
    connection.value = chosen;
    health.value = found;
    emulatorSettings.value = undefined;
  });
  resumeConnection(report);
}
