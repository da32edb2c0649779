/** The views that follow the first screen, in a script of their own. */
export { Code } from "../parts/code.js";
export { Connect } from "./connect.js";
export { Create } from "./create.js";
export { EmulatorPanel } from "./emulator.js";
export { OwnSkill } from "./own-skill.js";
export { PublicSkill } from "./public-skill.js";
export { Requests } from "./requests.js";
export { Skills } from "./skills.js";
