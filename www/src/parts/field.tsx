import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Described {
  id: string;
  "aria-describedby": string;
  "aria-invalid": boolean;
}

interface FieldProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  problem?: string | undefined;
  children: (described: Described) => ComponentChildren;
}

/** A form control with a label, a hint and an error message. Reserves space for the message, to avoid layout shifts. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": problem !== undefined })}
      <p class="hint" id={`${id}-hint`}>
        {problem && <span class="problem">{problem}. </span>}
        {hint}
      </p>
    </div>
  );
}

interface TextFieldProps {
  label: string;
  hint?: string;
  name: string;
  /** `Model.field` of the contract, which defines the limits. */
  limit: string;
  value: string;
  required?: boolean;
  rows?: number;
  onInput(value: string): void;
}

/** A text field with length limits and a counter. Counts code points, like the API. */
export function TextField({ label, hint, name, limit, value, required, rows, onInput }: TextFieldProps) {
  const { min = 0, max } = __LIMITS__[limit] ?? {};
  const length = [...value].length;
  const problem = lengthProblem(length, required ? min : length === 0 ? 0 : min, max);
  const used = max === undefined ? `${length}${min ? `, at least ${min}` : ""}` : `${length} of ${max}`;
  return (
    <Field
      label={`${label}${required ? "" : " (optional)"}`}
      hint={
        <>
          {hint} <span class="figure">{used}</span>
        </>
      }
      problem={length > 0 ? problem : undefined}
    >
      {(described) =>
        rows ? (
          <textarea
            {...described}
            name={name}
            rows={rows}
            required={required}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <input
            {...described}
            name={name}
            required={required}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

function lengthProblem(length: number, min: number, max: number | undefined): string | undefined {
  if (length < min) return "Too short";
  return max !== undefined && length > max ? "Too long" : undefined;
}

/** Whether a text satisfies a length limit of the contract. */
export function fits(limit: string, value: string): boolean {
  const { min = 0, max } = __LIMITS__[limit] ?? {};
  return lengthProblem([...value].length, min, max) === undefined;
}
