// @ts-check
/**
 * What a user does with a skill from beginning to end. The same for our client, in a page and in Node, and for the
 * official SDK, whose names ours are.
 *
 * @param {import("browser-use-skills").BrowserUse} client
 * @param {(milliseconds: number) => Promise<unknown>} advance moves the emulator's clock
 */
export async function story(client, advance) {
  /** @type {string[]} */
  const done = [];
  /** @param {string} name @param {boolean} isRight */
  const see = (name, isRight) => {
    if (!isRight) throw new Error(`${name} did not answer as it should`);
    done.push(name);
  };
  const { skills, marketplace } = client;
  const wish = {
    goal: "The titles of a news site",
    agentPrompt: "Open news.example.com and read the titles",
  };

  const created = await skills.create({ ...wish, title: "Titles" });
  see("skills.create", typeof created.id === "string");
  see("skills.get", (await skills.get(created.id)).status === "recording");
  await advance(60_000);
  const finished = await skills.get(created.id);
  see("skills.get", finished.status === "finished" && finished.currentVersion === 1);

  const parameters = Object.fromEntries(finished.parameters.map(({ name, type }) => [name, sample(type)]));
  const run = await skills.execute(created.id, { parameters });
  see("skills.execute", run.success && run.result !== undefined);

  see(
    "skills.refine",
    (await skills.refine(created.id, { feedback: "Read the dates too" })).id === created.id,
  );
  await advance(60_000);
  see("skills.get", (await skills.get(created.id)).currentVersion === 2);
  see("skills.rollback", (await skills.rollback(created.id)).currentVersion === 1);
  see("skills.update", (await skills.update(created.id, { title: "News" })).title === "News");
  see(
    "skills.list",
    (await skills.list({ query: "News", pageSize: 5 })).items.some(({ id }) => id === created.id),
  );

  await advance(60_000);
  const executions = await skills.executions(created.id, { pageNumber: 1 });
  see("skills.executions", executions.totalItems === 1 && executions.items[0]?.hasOutput === true);
  const { downloadUrl } = await skills.executionOutput(created.id, executions.items[0]?.id ?? "");
  const output = downloadUrl.startsWith("http://127.0.0.1")
    ? await (await fetch(downloadUrl)).json()
    : run.result;
  see("skills.executionOutput", JSON.stringify(output) === JSON.stringify(run.result));
  see("skills.delete", (await skills.delete(created.id)) === undefined);

  const other = await skills.create(wish);
  see("skills.cancel", (await skills.cancel(other.id)).status === "cancelled");

  const page = await marketplace.list({ pageSize: 100 });
  const easy = page.items.find((skill) => skill.parameters.every(({ type }) => type !== "cookie"));
  see("marketplace.list", page.totalItems >= 12 && easy !== undefined);
  see("marketplace.get", (await marketplace.get(easy?.slug ?? "")).id === easy?.id);
  const clone = await marketplace.clone(easy?.id ?? "");
  see("marketplace.clone", clone.clonedFromSkillId === easy?.id && clone.status === "finished");
  const given = Object.fromEntries((easy?.parameters ?? []).map(({ name, type }) => [name, sample(type)]));
  see("marketplace.execute", (await marketplace.execute(easy?.id ?? "", { parameters: given })).success);
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
