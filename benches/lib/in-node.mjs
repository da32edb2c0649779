// @ts-check
// The process that node.mjs starts. Arguments: the program's file, the calls as JSON, optionally a base URL.
import { pathToFileURL } from "node:url";
import { start } from "./calls.mjs";

const [file = "", calls = "[]", baseUrl] = process.argv.slice(2);
const { measure } = await start(await import(pathToFileURL(file).href), baseUrl);
const figures = [];
for (const each of JSON.parse(calls)) figures.push(await measure(each));
console.log(JSON.stringify(figures));
// Does not wait for open connections and timers of the program.
process.exit();
