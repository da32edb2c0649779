/** Ctrl+K: finds a view, a skill or an action by its name. `?` shows the keys, and `/` focuses the search of the view. */
import { useEffect, useId, useState } from "preact/hooks";
import { go, to } from "../lib/routes.js";
import { SCENARIOS } from "../lib/scenarios.js";
import { clearFaults } from "../session/admin.js";
import { arm } from "../session/chaos.js";
import { client, isEmulated } from "../session/connection.js";
import { report } from "../session/notice.js";
import { cachedSkills } from "../session/skills.js";
import { THEMES, theme } from "../session/theme.js";
import { toast } from "../session/toasts.js";
import { Dialog } from "./dialog.js";

interface Command {
  readonly name: string;
  readonly kind: string;
  run(): void;
}

const VIEWS = [
  ["Marketplace", ["marketplace"]],
  ["My skills", ["skills"]],
  ["Create a skill", ["skills", "new"]],
  ["Requests", ["requests"]],
  ["Emulator", ["emulator"]],
  ["Connection", ["connect"]],
] as const;

const KEYS = [
  ["Ctrl+K", "Find a view, a skill or an action"],
  ["/", "Focus the search"],
  ["?", "Show these keys"],
  ["Esc", "Close"],
] as const;

const MAX_SHOWN = 8;

function commands(): Command[] {
  const opens = (name: string, kind: string, path: readonly string[]) => ({
    name,
    kind,
    run: () => go(to(path)),
  });
  const act = (name: string, work: () => Promise<void>) => ({
    name,
    kind: "Emulator",
    run: () => void work().then(() => toast(name), report),
  });
  const scenarios = Object.values(SCENARIOS).map((scenario) =>
    act(`Arm: ${scenario.name}`, () => arm(scenario)),
  );
  return [
    ...VIEWS.map(([name, path]) => opens(name, "View", path)),
    ...[...cachedSkills.value.values()].map(({ title, id }) => opens(title, "My skill", ["skill", id])),
    ...(isEmulated.value ? [...scenarios, act("Clear faults", clearFaults)] : []),
    ...Object.entries(THEMES).map(([key, label]) => ({
      name: `Colours: ${label}`,
      kind: "Setting",
      run: () => {
        theme.value = key as keyof typeof THEMES;
      },
    })),
  ];
}

/** Whether a key is text for the element that has the focus. */
function isTyping(): boolean {
  return (
    document.activeElement?.matches("input:not([type=radio], [type=checkbox]), textarea, select") ?? false
  );
}

export function Palette() {
  const [shown, setShown] = useState<"commands" | "keys">();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const hasModifier = event.ctrlKey || event.metaKey;
      if (hasModifier && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (!document.querySelector("dialog[open]")) setShown("commands");
        return;
      }
      if (hasModifier || event.altKey || isTyping() || document.querySelector("dialog[open]")) return;
      if (event.key === "?") setShown("keys");
      const search = document.querySelector<HTMLInputElement>("main input[type=search]");
      if (event.key === "/" && search) {
        event.preventDefault();
        search.focus();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  const close = () => setShown(undefined);
  if (shown === "commands") return <Commands onClose={close} />;
  if (shown === "keys") return <Keys onClose={close} />;
  return null;
}

function Commands({ onClose }: { onClose(): void }) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [published, setPublished] = useState<Command[]>([]);
  useEffect(() => {
    const query = text.trim();
    setAt(0);
    setPublished([]);
    if (query.length < 2) return;
    const controller = new AbortController();
    const { signal } = controller;
    const search = async () => {
      const { items } = await client.value.marketplace.list({ query, pageSize: 5 }, { signal });
      setPublished(
        items.map(({ title, slug }) => ({
          name: title,
          kind: "Marketplace",
          run: () => go(to(["marketplace", slug])),
        })),
      );
    };
    // Without the marketplace, the palette still finds everything else.
    const timer = setTimeout(() => void search().catch(() => {}), 200);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  const words = text.toLowerCase().split(/\s+/);
  const found = commands().filter(({ name, kind }) =>
    words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)),
  );
  const options = [...found, ...published].slice(0, MAX_SHOWN);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      setAt((at + step + options.length) % options.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      run(options[at]);
    }
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="View, skill or action"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? `${id}-${at}` : undefined}
        placeholder="View, skill or action"
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
      />
      <div class="commands" role="listbox" id={`${id}-list`} aria-label="Results">
        {options.map((command, index) => (
          <div
            key={`${command.kind} ${command.name}`}
            id={`${id}-${index}`}
            class="command"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => run(command)}
            onKeyDown={press}
          >
            <span>{command.name}</span>
            <span class="soft">{command.kind}</span>
          </div>
        ))}
      </div>
      <p class="soft" role="status">
        {options.length === 0 ? "Nothing found." : ""}
      </p>
    </Dialog>
  );
}

function Keys({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="facts">
        {KEYS.map(([key, effect]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="actions">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}
