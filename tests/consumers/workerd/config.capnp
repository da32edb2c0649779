using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "scenario.js", esModule = embed "scenario.js"),
    (name = "browser-use-skills", esModule = embed "node_modules/browser-use-skills/workerd.js"),
    (
      name = "browser_use_skills_bg.wasm",
      wasm = embed "node_modules/browser-use-skills/browser_use_skills_bg.wasm",
    ),
    (
      name = "browser_use_skills_extra_bg.wasm",
      wasm = embed "node_modules/browser-use-skills/browser_use_skills_extra_bg.wasm",
    ),
    (
      name = "browser_use_skills_batch_bg.wasm",
      wasm = embed "node_modules/browser-use-skills/browser_use_skills_batch_bg.wasm",
    ),
  ],
  compatibilityDate = "2026-01-01",
);
