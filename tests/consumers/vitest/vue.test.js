// @vitest-environment jsdom
import process from "node:process";
import { expect, test, vi } from "vitest";
import { createApp, ref } from "vue";
import { run } from "./run.js";

test("a component shows the result", async () => {
  const result = ref("");
  const mounted = async () => {
    result.value = await run(process.env.EMULATOR);
  };
  createApp({ render: () => result.value, mounted }).mount(document.body);
  await vi.waitFor(() => expect(document.body.textContent).toBe("skill_not_found"), { timeout: 5000 });
});
