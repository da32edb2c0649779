// @ts-check
/** How each declared refusal of the API is brought about: by what a user does wrong, wherever that is possible. */

/** @typedef {import("browser-use-skills").BrowserUse} BrowserUse */
/** @typedef {(method: string, path: string, body?: unknown) => Promise<unknown>} Admin */

const NOBODY = "00000000-0000-4000-8000-000000000000";
const WISH = { goal: "Titles", agentPrompt: "Open news.example.com and read the titles" };
const FEEDBACK = { feedback: "Read the dates too" };

/** @param {BrowserUse} client @param {Admin} admin */
async function finished(client, admin) {
  const { id } = await client.skills.create(WISH);
  await admin("POST", "/advance", { ms: 60_000 });
  return id;
}

/** @param {BrowserUse} client @param {Admin} admin */
async function published(client, admin) {
  const id = await finished(client, admin);
  await admin("PATCH", `/skills/${id}`, { isPublic: true });
  return id;
}

/** A public skill whose first generation is still going on. @param {BrowserUse} client @param {Admin} admin */
async function unfinishedPublic(client, admin) {
  const { id } = await client.skills.create(WISH);
  await admin("PATCH", `/skills/${id}`, { isPublic: true });
  return id;
}

/** @param {Admin} admin @param {unknown} settings */
const configure = (admin, settings) => admin("PATCH", "/settings", settings);

/** An input that our own check lets through and the server does not. @param {object} extraBody */
const unchecked = (extraBody) => ({
  extraBody: /** @type {Record<string, unknown>} */ (extraBody),
  maxRetries: 0,
});
const once = { maxRetries: 0 };

/** @type {Record<string, (client: BrowserUse, admin: Admin) => Promise<unknown>>} */
export const refusals = {
  "skills.create 400": async (client) => {
    await client.skills.create(WISH);
    return client.skills.create(WISH);
  },
  "skills.create 402": async (client, admin) => {
    await configure(admin, { credits: 0 });
    return client.skills.create(WISH);
  },
  "skills.create 429": async (client, admin) => {
    await configure(admin, { maxSessions: 0 });
    return client.skills.create(WISH, once);
  },
  "skills.create 422": (client) => client.skills.create(WISH, unchecked({ goal: 7 })),
  "skills.list 422": (client) => client.skills.list({}, unchecked({ pageSize: 0 })),
  "skills.get 404": (client) => client.skills.get(NOBODY),
  "skills.update 403": async (client, admin) => {
    const id = await finished(client, admin);
    await client.skills.update(id, { isEnabled: false });
    await configure(admin, { maxEnabledSkills: 0 });
    return client.skills.update(id, { isEnabled: true });
  },
  "skills.update 404": (client) => client.skills.update(NOBODY, {}),
  "skills.update 422": (client) => client.skills.update(NOBODY, {}, unchecked({ isEnabled: "perhaps" })),
  "skills.delete 400": async (client) => client.skills.delete((await client.skills.create(WISH)).id),
  "skills.delete 404": (client) => client.skills.delete(NOBODY),
  "skills.cancel 400": async (client, admin) => client.skills.cancel(await finished(client, admin)),
  "skills.cancel 404": (client) => client.skills.cancel(NOBODY),
  "skills.execute 400": async (client, admin) => {
    const id = await finished(client, admin);
    await client.skills.update(id, { isEnabled: false });
    return client.skills.execute(id);
  },
  "skills.execute 402": async (client, admin) => {
    const id = await finished(client, admin);
    await configure(admin, { credits: 0 });
    return client.skills.execute(id);
  },
  "skills.execute 404": (client) => client.skills.execute(NOBODY),
  "skills.execute 422": (client) => client.skills.execute(NOBODY, {}, unchecked({ parameters: null })),
  "skills.execute 429": async (client, admin) => {
    const id = await finished(client, admin);
    await configure(admin, { maxSessions: 0 });
    return client.skills.execute(id, {}, once);
  },
  "skills.refine 400": async (client, admin) =>
    client.skills.refine(await published(client, admin), FEEDBACK),
  "skills.refine 404": (client) => client.skills.refine(NOBODY, FEEDBACK),
  "skills.refine 422": (client) => client.skills.refine(NOBODY, FEEDBACK, unchecked({ testLogs: 7 })),
  "skills.refine 429": async (client, admin) => {
    const id = await finished(client, admin);
    await configure(admin, { maxSessions: 0 });
    return client.skills.refine(id, FEEDBACK, once);
  },
  "skills.rollback 400": async (client, admin) => client.skills.rollback(await published(client, admin)),
  "skills.rollback 404": (client) => client.skills.rollback(NOBODY),
  "skills.executions 404": (client) => client.skills.executions(NOBODY),
  "skills.executions 422": (client) => client.skills.executions(NOBODY, {}, unchecked({ pageNumber: 0 })),
  "skills.executionOutput 404": (client) => client.skills.executionOutput(NOBODY, NOBODY),
  "marketplace.list 422": (client) => client.marketplace.list({}, unchecked({ category: "none" })),
  "marketplace.get 404": (client) => client.marketplace.get("no-such-skill"),
  "marketplace.clone 400": async (client, admin) =>
    client.marketplace.clone(await unfinishedPublic(client, admin)),
  "marketplace.clone 404": (client) => client.marketplace.clone(NOBODY),
  "marketplace.execute 400": async (client, admin) =>
    client.marketplace.execute(await unfinishedPublic(client, admin)),
  "marketplace.execute 402": async (client, admin) => {
    await configure(admin, { credits: 0 });
    return client.marketplace.execute((await client.marketplace.list()).items[0]?.id ?? "");
  },
  "marketplace.execute 404": (client) => client.marketplace.execute(NOBODY),
  "marketplace.execute 422": (client) =>
    client.marketplace.execute(NOBODY, {}, unchecked({ sessionId: "no uuid" })),
};

/**
 * Operations whose whole input is an id: our check leaves nothing that the server would call invalid.
 * @type {Record<string, (client: BrowserUse) => Promise<unknown>>}
 */
const onlyIds = {
  "skills.get": (client) => client.skills.get(NOBODY),
  "skills.delete": (client) => client.skills.delete(NOBODY),
  "skills.cancel": (client) => client.skills.cancel(NOBODY),
  "skills.rollback": (client) => client.skills.rollback(NOBODY),
  "skills.executionOutput": (client) => client.skills.executionOutput(NOBODY, NOBODY),
  "marketplace.get": (client) => client.marketplace.get("any"),
  "marketplace.clone": (client) => client.marketplace.clone(NOBODY),
};
for (const [operation, call] of Object.entries(onlyIds)) {
  refusals[`${operation} 422`] = async (client, admin) => {
    const detail = [{ loc: ["path", "skill_id"], msg: "Input should be a valid UUID", type: "uuid_parsing" }];
    await admin("POST", "/faults", { kind: "status", status: 422, body: { detail }, operation });
    return call(client);
  };
}
