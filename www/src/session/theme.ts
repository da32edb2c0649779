/** Colour theme: that of the system, or the user's choice. */
import { effect } from "@preact/signals";
import { remembered } from "../lib/remember.js";

export const THEMES = { system: "System", light: "Light", dark: "Dark" };

export const theme = remembered<keyof typeof THEMES>("theme", "system", () => localStorage);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
