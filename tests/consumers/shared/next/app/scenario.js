"use client";

import { useEffect } from "react";
import { runInPage } from "../run.js";

export function Scenario({ waiting }) {
  useEffect(runInPage, []);
  return waiting;
}
