// @ts-check
// What runs in the process that node.mjs starts: a program's file, calls as JSON, perhaps an address.
import { pathToFileURL } from "node:url";
import { start } from "./calls.mjs";

const [file = "", calls = "[]", baseUrl] = process.argv.slice(2);
const { measure } = await start(await import(pathToFileURL(file).href), baseUrl);
const figures = [];
for (const each of JSON.parse(calls)) figures.push(await measure(each));
console.log(JSON.stringify(figures));
// Connections and timers that a program leaves behind are not waited for.
process.exit();
