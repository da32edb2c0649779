// @vitest-environment jsdom
import process from "node:process";
import { createElement, Suspense, use } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { run } from "./run.js";

function Result({ promise }) {
  return use(promise);
}

test("a component shows the result", async () => {
  const promise = run(process.env.EMULATOR);
  createRoot(document.body).render(createElement(Suspense, {}, createElement(Result, { promise })));
  await vi.waitFor(() => expect(document.body.textContent).toBe("skill_not_found"), { timeout: 5000 });
});
