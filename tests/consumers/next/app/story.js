"use client";

import { BrowserUse, SkillNotFoundError } from "browser-use-skills";
import { useEffect } from "react";
import { story } from "../../story.js";

export function Story({ waiting }) {
  useEffect(() => {
    const baseUrl = new URLSearchParams(location.search).get("emulator");
    globalThis.told ??= story({ BrowserUse, SkillNotFoundError }, { baseUrl });
  }, []);
  return waiting;
}
