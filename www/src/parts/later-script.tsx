/** Components of a script that is not a part of the first load. */
import { signal } from "@preact/signals";
import type { ComponentChildren, FunctionComponent } from "preact";
import { Failure } from "./failure.js";
import { Loading } from "./loading.js";

type PropsOf<View> = View extends (props: infer Props) => unknown ? Props & object : object;

/** A script of views. Each of its components loads it when it is shown first. */
export function laterScript<Views extends object>(importViews: () => Promise<Views>) {
  const script = signal<{ views?: Views; error?: unknown }>({});
  let loading: Promise<void> | undefined;

  /** Loads the script, once. After a failure, the next call retries. */
  function load(): Promise<void> {
    loading ??= importViews().then(
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
  function later<Name extends keyof Views>(
    name: Name,
    waiting: ComponentChildren = <Loading when label="Loading the view" />,
  ) {
    return (props: PropsOf<Views[Name]>) => {
      const { views, error } = script.value;
      if (views) {
        const View = views[name] as FunctionComponent<PropsOf<Views[Name]>>;
        return <View {...props} />;
      }
      if (error === undefined) {
        void load();
        return waiting;
      }
      return (
        <Failure error={error}>
          <button type="button" onClick={load}>
            Try again
          </button>
        </Failure>
      );
    };
  }

  return { load, later };
}
