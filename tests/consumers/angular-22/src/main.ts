import { Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { BrowserUse } from "browser-use-skills";
import { runInPage } from "../run.js";

@Component({ selector: "app-root", template: "{{ waiting }}" })
class App {
  readonly waiting = new BrowserUse().pending.waiting;

  constructor() {
    runInPage();
  }
}

bootstrapApplication(App);
