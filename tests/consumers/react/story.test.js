// @vitest-environment jsdom
import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { createEmulator } from "browser-use-skills/emulator";
import { createElement, Suspense, use } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { story } from "../story.js";

function Story({ told }) {
  return use(told);
}

test("a component shows what the story ends with", async () => {
  const told = story({ BrowserUse, SkillNotFoundError }, { fetch: createEmulator().fetch });
  createRoot(document.body).render(createElement(Suspense, {}, createElement(Story, { told })));
  await vi.waitFor(() => expect(document.body.textContent).toBe("skill_not_found"));
});
