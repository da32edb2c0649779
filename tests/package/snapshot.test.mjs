// @ts-check
/** Snapshots of the emulator, from JavaScript. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { importPackage } from "../lib/package.mjs";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let installed;
before(async () => {
  installed = await importPackage();
});
after(() => installed?.remove());

const REQUEST = { goal: "Prices", agentPrompt: "Open the shop and read its prices" };

describe("a snapshot of the emulator", () => {
  /** @param {import("browser-use-skills/emulator").EmulatorSettings} [settings] */
  const account = (settings) => {
    const emulator = installed.emulation.createEmulator(settings);
    const client = new installed.library.BrowserUse({ apiKey: "bu_1", fetch: emulator.fetch });
    return { emulator, client };
  };

  test("is JSON that restores skills and executions, and continues the sequence of ids", async () => {
    const first = account({ credits: 9 });
    const skill = await first.client.skills.createAndWait(REQUEST);
    await first.client.skills.execute(skill.id, { parameters: { query: "tea" } });
    const snapshot = await first.emulator.snapshot();
    const second = account();
    await second.emulator.restore(JSON.parse(JSON.stringify(snapshot)));
    assert.deepEqual(await second.client.skills.get(skill.id), skill);
    assert.equal((await second.client.skills.executions(skill.id)).totalItems, 1);
    const [next, other] = await Promise.all(
      [first, second].map(({ client }) => client.skills.create(REQUEST)),
    );
    assert.notEqual(next?.id, skill.id);
    assert.equal(next?.id, other?.id);
  });

  test("creates other ids if `ids` is replaced", async () => {
    const first = account();
    const second = account();
    await second.emulator.restore({ ...(await first.emulator.snapshot()), ids: "0123456789abcdef" });
    const [one, two] = await Promise.all([first, second].map(({ client }) => client.skills.create(REQUEST)));
    assert.notEqual(one?.id, two?.id);
  });

  test("of another version is rejected, and changes nothing", async () => {
    const { emulator, client } = account();
    const { id } = await client.skills.create(REQUEST);
    const newer = { ...(await emulator.snapshot()), version: 2 };
    await assert.rejects(
      emulator.restore(newer),
      /the snapshot has version 2; this emulator reads version 1/,
    );
    assert.equal((await client.skills.get(id)).id, id);
  });
});
