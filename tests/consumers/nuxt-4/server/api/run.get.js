import { run } from "~~/run.js";

export default defineEventHandler((event) => run(getQuery(event).emulator));
