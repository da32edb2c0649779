/** Changes whom the page talks to: what is known of the one before is forgotten. */
import { type Connection, connection } from "./connection.js";
import { report } from "./notice.js";
import { forgetRuns, resumeHere } from "./runs.js";
import { forgetSkills } from "./skills.js";

export function switchTo(chosen: Connection): void {
  forgetRuns();
  forgetSkills();
  connection.value = chosen;
  resumeHere(report);
}
