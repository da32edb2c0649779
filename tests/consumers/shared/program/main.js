import process from "node:process";
import { run } from "./run.js";

console.log(await run(process.argv[2]));
