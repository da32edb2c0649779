import { useId } from "preact/hooks";

interface ChoiceProps<Name extends string> {
  label: string;
  options: Record<Name, string>;
  value: NoInfer<Name>;
  onChange(value: NoInfer<Name>): void;
}

/** A row of radio buttons. */
export function Choice<Name extends string>({ label, options, value, onChange }: ChoiceProps<Name>) {
  const group = useId();
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {Object.entries<string>(options).map(([name, text]) => (
        <label key={name}>
          <input
            type="radio"
            name={group}
            value={name}
            checked={name === value}
            onChange={() => onChange(name as Name)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
