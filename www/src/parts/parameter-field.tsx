/** Form field of one parameter of a skill. */
import type { ParameterSchema } from "browser-use-skills";
import { isRequired, textOf } from "../lib/parameters.js";
import { type Described, Field } from "./field.js";

interface ParameterFieldProps {
  parameter: ParameterSchema;
  text: string;
  problem: string | undefined;
  onInput(text: string): void;
}

export function ParameterField({ parameter, text, problem, onInput }: ParameterFieldProps) {
  const { name, type, description, cookieDomain } = parameter;
  const hint = [description, cookieDomain && `Cookie of ${cookieDomain}: masked, and never part of a URL`];
  return (
    <Field
      label={
        <>
          <code>{name}</code>{" "}
          <span class="soft">
            {type}
            {isRequired(parameter) && " · required"}
          </span>
        </>
      }
      hint={hint.filter(Boolean).join(". ")}
      problem={problem}
    >
      {(described) => <Control {...{ parameter, text, onInput, described }} />}
    </Field>
  );
}

interface ControlProps {
  parameter: ParameterSchema;
  text: string;
  described: Described;
  onInput(text: string): void;
}

function Control({ parameter, text, described, onInput }: ControlProps) {
  const defaultText = textOf(parameter.default);
  const common = {
    ...described,
    name: parameter.name,
    "aria-required": isRequired(parameter) && defaultText === "",
    placeholder: defaultText === "" ? "" : `${defaultText.replace(/\s+/g, " ")} (default)`,
    value: text,
    autocomplete: "off",
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  switch (parameter.type) {
    case "string":
      return <input {...common} type="text" />;
    case "number":
      return <input {...common} type="number" step="any" inputMode="decimal" />;
    case "cookie":
      return <input {...common} type="password" />;
    case "boolean":
      return (
        <select {...described} name={parameter.name} value={text} onChange={common.onInput}>
          <option value="">{defaultText === "" ? "not set" : `${defaultText} (default)`}</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      );
    default:
      return (
        <textarea
          {...common}
          class="mono"
          rows={3}
          spellcheck={false}
          onBlur={() => onInput(formatJson(text))}
        />
      );
  }
}

/** Pretty-prints JSON. Returns invalid JSON unchanged. */
function formatJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
