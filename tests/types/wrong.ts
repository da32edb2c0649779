// Code that must not compile. Each line after a marker is an error; otherwise the marker is.
import { BrowserUse, type BrowserUseError, type SkillResponse } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { createProxy } from "browser-use-skills/proxy";

const client = new BrowserUse({ apiKey: "bu_1" });
declare const skill: SkillResponse;

// @ts-expect-error an unknown option
new BrowserUse({ apikey: "bu_1" });
// @ts-expect-error a key that is a number
new BrowserUse({ apiKey: 7 });
// @ts-expect-error no goal
client.skills.create({ agentPrompt: "p" });
// @ts-expect-error a misspelt key
client.skills.create({ goal: "g", agentPrompt: "p", titel: "t" });
// @ts-expect-error an unknown category
client.skills.list({ category: "sport" });
// @ts-expect-error a page size that is text
client.skills.list({ pageSize: "5" });
// @ts-expect-error null where the contract has none
client.skills.list({ pageSize: null });
// @ts-expect-error parameters are an object
client.skills.execute("id", { parameters: "q" });
// @ts-expect-error parameters may be absent but not null
client.skills.execute("id", { parameters: null });
// @ts-expect-error a goal cannot be updated
client.skills.update("id", { goal: "g" });
// @ts-expect-error no change at all
client.skills.update("id");
// @ts-expect-error an unknown option of a call
client.skills.get("id", { timeOut: 3 });
// @ts-expect-error an output needs two ids
client.skills.executionOutput("id");
// @ts-expect-error a type parameter for a method without one
client.skills.get<string>("id");
// @ts-expect-error the version may be null
export const version: number = skill.currentVersion;
// @ts-expect-error the slug may be absent
export const slug: string = skill.slug;
// @ts-expect-error the options are private
client.options;
// @ts-expect-error executions of the marketplace are not listed
client.marketplace.execute("id", {}, { recover: true });
// @ts-expect-error a journal without `delete`
new BrowserUse({ journal: { get: () => null, set: () => {} } });
// @ts-expect-error an unknown kind of fault
createEmulator().addFault({ kind: "explode" });

// @ts-expect-error iteration belongs to the promise: a page is plain data
(await client.skills.list())[Symbol.asyncIterator];
// @ts-expect-error a skill without its parameters
client.skill({ id: "id" });

const usual = { apiKey: "bu_1", origins: [], authorize: () => true };
// @ts-expect-error an unknown operation
createProxy({ ...usual, allow: { operations: ["skills.run"] } });
// @ts-expect-error `allow` is required
createProxy(usual);
// @ts-expect-error `authorize` is required
createProxy({ apiKey: "bu_1", origins: [], allow: { operations: [] } });

// @ts-expect-error a user's id that is a number
createProxy({ ...usual, allow: { operations: [] }, authorize: () => 7 });
// @ts-expect-error a store without its atomic step
createProxy({ ...usual, allow: { operations: [] }, idempotency: { store: new Map<string, string>() } });

const stories = client.skill("3c90c3cc-0d44-4b50-8888-8dd25736052a");
// @ts-expect-error a known skill without a required parameter
stories.run({ limit: 5 });
// @ts-expect-error a parameter of another type
stories.run({ query: 5 });
// @ts-expect-error a parameter that a known skill does not take
stories.run({ query: "q", limits: 5 });
// @ts-expect-error a loaded skill of another type
client.skill<"3c90c3cc-0d44-4b50-8888-8dd25736052a">(skill).run({ limit: 5 });
// @ts-expect-error a field that its output does not have
stories.run({ query: "q" }).then((found) => found[0]?.points);

// @ts-expect-error a parameter of a skill that takes none
client.skill("4c90c3cc-0d44-4b50-8888-8dd25736052a").run({ limit: 5 });
const thread = client.skill("7c90c3cc-0d44-4b50-8888-8dd25736052a").run({ id: 1 });
// @ts-expect-error a field that may be null
thread.then(({ author }) => author.length);
// @ts-expect-error a tuple without a third element
thread.then(({ place }) => place[2]);
// @ts-expect-error elements of a tuple have different types
thread.then(({ place }) => place[0] === place[1]);
// @ts-expect-error an element beyond minItems may be absent
thread.then(({ range }) => range?.[1]?.toFixed() ?? range[1].toFixed());

const failed = new Error() as BrowserUseError;
// @ts-expect-error a field of another class
failed.limit;
