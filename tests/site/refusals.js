// @ts-check
/** Provokes each declared error of the API, by a user's mistake where possible. */

/** @typedef {import("browser-use-skills").BrowserUse} BrowserUse */
/** @typedef {(method: string, path: string, body?: unknown) => Promise<unknown>} Admin */

const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";
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

/** Creates a public skill whose first generation is in progress. @param {BrowserUse} client @param {Admin} admin */
async function unfinishedPublic(client, admin) {
  const { id } = await client.skills.create(WISH);
  await admin("PATCH", `/skills/${id}`, { isPublic: true });
  return id;
}

/** @param {Admin} admin @param {unknown} settings */
const configure = (admin, settings) => admin("PATCH", "/settings", settings);

/** Options for input that passes the client's validation but not the server's. @param {object} extraBody */
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
  "skills.get 404": (client) => client.skills.get(UNKNOWN_ID),
  "skills.update 403": async (client, admin) => {
    const id = await finished(client, admin);
    await client.skills.update(id, { isEnabled: false });
    await configure(admin, { maxEnabledSkills: 0 });
    return client.skills.update(id, { isEnabled: true });
  },
  "skills.update 404": (client) => client.skills.update(UNKNOWN_ID, {}),
  "skills.update 422": (client) => client.skills.update(UNKNOWN_ID, {}, unchecked({ isEnabled: "perhaps" })),
  "skills.delete 400": async (client) => client.skills.delete((await client.skills.create(WISH)).id),
  "skills.delete 404": (client) => client.skills.delete(UNKNOWN_ID),
  "skills.cancel 400": async (client, admin) => client.skills.cancel(await finished(client, admin)),
  "skills.cancel 404": (client) => client.skills.cancel(UNKNOWN_ID),
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
  "skills.execute 404": (client) => client.skills.execute(UNKNOWN_ID),
  "skills.execute 422": (client) => client.skills.execute(UNKNOWN_ID, {}, unchecked({ parameters: null })),
  "skills.execute 429": async (client, admin) => {
    const id = await finished(client, admin);
    await configure(admin, { maxSessions: 0 });
    return client.skills.execute(id, {}, once);
  },
  "skills.refine 400": async (client, admin) =>
    client.skills.refine(await published(client, admin), FEEDBACK),
  "skills.refine 404": (client) => client.skills.refine(UNKNOWN_ID, FEEDBACK),
  "skills.refine 422": (client) => client.skills.refine(UNKNOWN_ID, FEEDBACK, unchecked({ testLogs: 7 })),
  "skills.refine 429": async (client, admin) => {
    const id = await finished(client, admin);
    await configure(admin, { maxSessions: 0 });
    return client.skills.refine(id, FEEDBACK, once);
  },
  "skills.rollback 400": async (client, admin) => client.skills.rollback(await published(client, admin)),
  "skills.rollback 404": (client) => client.skills.rollback(UNKNOWN_ID),
  "skills.executions 404": (client) => client.skills.executions(UNKNOWN_ID),
  "skills.executions 422": (client) => client.skills.executions(UNKNOWN_ID, {}, unchecked({ pageNumber: 0 })),
  "skills.executionOutput 404": (client) => client.skills.executionOutput(UNKNOWN_ID, UNKNOWN_ID),
  "marketplace.list 422": (client) => client.marketplace.list({}, unchecked({ category: "none" })),
  "marketplace.get 404": (client) => client.marketplace.get("no-such-skill"),
  "marketplace.clone 400": async (client, admin) =>
    client.marketplace.clone(await unfinishedPublic(client, admin)),
  "marketplace.clone 404": (client) => client.marketplace.clone(UNKNOWN_ID),
  "marketplace.execute 400": async (client, admin) =>
    client.marketplace.execute(await unfinishedPublic(client, admin)),
  "marketplace.execute 402": async (client, admin) => {
    await configure(admin, { credits: 0 });
    return client.marketplace.execute((await client.marketplace.list()).items[0]?.id ?? "");
  },
  "sessions.create 402": async (client, admin) => {
    await configure(admin, { credits: 0 });
    return client.sessions.create();
  },
  "sessions.create 404": (client) => client.sessions.create({ profileId: UNKNOWN_ID }),
  "sessions.create 422": (client) => client.sessions.create({}, unchecked({ persistMemory: "perhaps" })),
  "sessions.create 429": async (client, admin) => {
    await configure(admin, { maxSessions: 0 });
    return client.sessions.create({}, once);
  },
  "sessions.list 422": (client) => client.sessions.list({}, unchecked({ pageSize: 0 })),
  "sessions.get 404": (client) => client.sessions.get(UNKNOWN_ID),
  "sessions.stop 404": (client) => client.sessions.stop(UNKNOWN_ID),
  "sessions.delete 404": (client) => client.sessions.delete(UNKNOWN_ID),
  "billing.account 404": async (client, admin) => {
    const detail = "Account for this project not found";
    await admin("POST", "/faults", {
      kind: "status",
      status: 404,
      body: { detail },
      operation: "billing.account",
    });
    return client.billing.account();
  },
  "profiles.list 422": (client) => client.profiles.list({}, unchecked({ pageSize: 0 })),
  "marketplace.execute 404": (client) => client.marketplace.execute(UNKNOWN_ID),
  "marketplace.execute 422": (client) =>
    client.marketplace.execute(UNKNOWN_ID, {}, unchecked({ sessionId: "no uuid" })),
};

/**
 * Operations whose only input is an id: no input passes the client's validation but not the server's.
 * @type {Record<string, (client: BrowserUse) => Promise<unknown>>}
 */
const onlyIds = {
  "skills.get": (client) => client.skills.get(UNKNOWN_ID),
  "skills.delete": (client) => client.skills.delete(UNKNOWN_ID),
  "skills.cancel": (client) => client.skills.cancel(UNKNOWN_ID),
  "skills.rollback": (client) => client.skills.rollback(UNKNOWN_ID),
  "skills.executionOutput": (client) => client.skills.executionOutput(UNKNOWN_ID, UNKNOWN_ID),
  "marketplace.get": (client) => client.marketplace.get("any"),
  "marketplace.clone": (client) => client.marketplace.clone(UNKNOWN_ID),
  "sessions.get": (client) => client.sessions.get(UNKNOWN_ID),
  "sessions.stop": (client) => client.sessions.stop(UNKNOWN_ID),
  "sessions.delete": (client) => client.sessions.delete(UNKNOWN_ID),
  "billing.account": (client) => client.billing.account(),
};
for (const [operation, call] of Object.entries(onlyIds)) {
  refusals[`${operation} 422`] = async (client, admin) => {
    const detail = [{ loc: ["path", "skill_id"], msg: "Input should be a valid UUID", type: "uuid_parsing" }];
    await admin("POST", "/faults", { kind: "status", status: 422, body: { detail }, operation });
    return call(client);
  };
}
