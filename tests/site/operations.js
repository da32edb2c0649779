// @ts-check
/**
 * Calls every operation as a user would. Works with our client, in a page and in Node, and with the official SDK, which
 * has the same method names.
 *
 * @param {import("browser-use-skills").BrowserUse} client
 * @param {(milliseconds: number) => Promise<unknown>} advance - Moves the emulator's clock forward.
 */
export async function callEveryOperation(client, advance) {
  /** @type {string[]} */
  const done = [];
  /** @param {string} name @param {boolean} isRight */
  const check = (name, isRight) => {
    if (!isRight) throw new Error(`unexpected response of ${name}`);
    done.push(name);
  };
  const { skills, marketplace } = client;
  const wish = {
    goal: "The titles of a news site",
    agentPrompt: "Open news.example.com and read the titles",
  };

  const created = await skills.create({ ...wish, title: "Titles" });
  check("skills.create", typeof created.id === "string");
  check("skills.get", (await skills.get(created.id)).status === "recording");
  await advance(60_000);
  const finished = await skills.get(created.id);
  check("skills.get", finished.status === "finished" && finished.currentVersion === 1);

  const parameters = Object.fromEntries(finished.parameters.map(({ name, type }) => [name, sample(type)]));
  const run = await skills.execute(created.id, { parameters });
  check("skills.execute", run.success && run.result !== undefined);

  check(
    "skills.refine",
    (await skills.refine(created.id, { feedback: "Read the dates too" })).id === created.id,
  );
  await advance(60_000);
  check("skills.get", (await skills.get(created.id)).currentVersion === 2);
  check("skills.rollback", (await skills.rollback(created.id)).currentVersion === 1);
  check("skills.update", (await skills.update(created.id, { title: "News" })).title === "News");
  check(
    "skills.list",
    (await skills.list({ query: "News", pageSize: 5 })).items.some(({ id }) => id === created.id),
  );

  await advance(60_000);
  const executions = await skills.executions(created.id, { pageNumber: 1 });
  check("skills.executions", executions.totalItems === 1 && executions.items[0]?.hasOutput === true);
  const { downloadUrl } = await skills.executionOutput(created.id, executions.items[0]?.id ?? "");
  const output = downloadUrl.startsWith("http://127.0.0.1")
    ? await (await fetch(downloadUrl)).json()
    : run.result;
  check("skills.executionOutput", JSON.stringify(output) === JSON.stringify(run.result));
  check("skills.delete", (await skills.delete(created.id)) === undefined);

  const other = await skills.create(wish);
  check("skills.cancel", (await skills.cancel(other.id)).status === "cancelled");

  const page = await marketplace.list({ pageSize: 100 });
  const easy = page.items.find((skill) => skill.parameters.every(({ type }) => type !== "cookie"));
  check("marketplace.list", page.totalItems >= 12 && easy !== undefined);
  check("marketplace.get", (await marketplace.get(easy?.slug ?? "")).id === easy?.id);
  const clone = await marketplace.clone(easy?.id ?? "");
  check("marketplace.clone", clone.clonedFromSkillId === easy?.id && clone.status === "finished");
  // The others have defaults, and may accept only some values.
  const required = (easy?.parameters ?? []).filter(({ required }) => required ?? true);
  const given = Object.fromEntries(required.map(({ name, type }) => [name, sample(type)]));
  check("marketplace.execute", (await marketplace.execute(easy?.id ?? "", { parameters: given })).success);

  await advance(60_000);
  const { sessions, billing, profiles } = client;
  const session = await sessions.create({ proxyCountryCode: "de" });
  check("sessions.create", session.status === "active");
  const inSession = { parameters: given, sessionId: session.id };
  check("marketplace.execute", (await marketplace.execute(easy?.id ?? "", inSession)).success);
  const active = await sessions.list({ filterBy: "active" });
  check(
    "sessions.list",
    active.items.some(({ id }) => id === session.id),
  );
  check("sessions.get", Array.isArray((await sessions.get(session.id)).tasks));
  check("sessions.stop", (await sessions.stop(session.id)).status === "stopped");
  check("sessions.delete", (await sessions.delete(session.id)) === undefined);
  check("billing.account", (await billing.account()).totalCreditsBalanceUsd > 0);
  check("profiles.list", (await profiles.list()).totalItems === 1);
  return [...new Set(done)];
}

/** @param {string} type */
function sample(type) {
  if (type === "number") return 2;
  if (type === "boolean") return true;
  if (type === "array") return ["a"];
  if (type === "object") return {};
  return "example";
}
