/** The script of the views that follow the first screen: `views/later.ts`. */
import { laterScript } from "./later-script.js";

export const { load: loadLater, later } = laterScript(() => import("../views/later.js"));
