/** Changes the connection, and deletes the state of the previous one. */
import { type Connection, connection } from "./connection.js";
import { report } from "./notice.js";
import { forgetRuns, resumeConnection } from "./runs.js";
import { forgetSkills } from "./skills.js";

export function switchTo(chosen: Connection): void {
  forgetRuns();
  forgetSkills();
  connection.value = chosen;
  resumeConnection(report);
}
