/** Components of the script that is not a part of the first load: `views/later.ts`. */
import { signal } from "@preact/signals";
import type { ComponentChildren, FunctionComponent } from "preact";
import { Failure } from "./failure.js";
import { Loading } from "./loading.js";

type Views = typeof import("../views/later.js");
type PropsOf<Name extends keyof Views> = Views[Name] extends (props: infer Props) => unknown
  ? Props & object
  : object;

const script = signal<{ views?: Views; error?: unknown }>({});
let loading: Promise<void> | undefined;

/** Loads the script, once. After a failure, the next call retries. */
export function loadLater(): Promise<void> {
  loading ??= import("../views/later.js").then(
    (views) => {
      script.value = { views };
    },
    (error: unknown) => {
      loading = undefined;
      script.value = { error };
    },
  );
  return loading;
}

/** Returns a component of the script. Shows `waiting` until it is loaded. */
export function later<Name extends keyof Views>(
  name: Name,
  waiting: ComponentChildren = <Loading when label="Loading the view" />,
) {
  return (props: PropsOf<Name>) => {
    const { views, error } = script.value;
    if (views) {
      const View = views[name] as FunctionComponent<PropsOf<Name>>;
      return <View {...props} />;
    }
    if (error === undefined) {
      void loadLater();
      return waiting;
    }
    return (
      <Failure error={error}>
        <button type="button" onClick={loadLater}>
          Try again
        </button>
      </Failure>
    );
  };
}
