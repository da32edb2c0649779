import { runInPage } from "./run.js";

runInPage();
