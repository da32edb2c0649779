// @vitest-environment jsdom
import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { expect, test, vi } from "vitest";
import { createApp, ref } from "vue";
import { story } from "../story.js";

test("a component shows what the story ends with", async () => {
  const told = ref("");
  const setup = async () => {
    told.value = await story({ BrowserUse, SkillNotFoundError }, { fetch: createEmulator().fetch });
  };
  createApp({ render: () => told.value, mounted: setup }).mount(document.body);
  await vi.waitFor(() => expect(document.body.textContent).toBe("skill_not_found"));
});
