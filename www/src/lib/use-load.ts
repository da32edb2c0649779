/** Loads the data of a view. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<Data> {
  /** The last loaded data. Kept during a reload, to avoid layout shifts. */
  data: Data | undefined;
  error: unknown;
  isLoading: boolean;
  reload(): void;
}

/** Loads on mount and whenever one of `inputs` changes. Aborts an outdated load. */
export function useLoad<Data>(
  load: (signal: AbortSignal) => Promise<Data>,
  inputs: readonly unknown[],
): Loaded<Data> {
  const [state, setState] = useState<{ data?: Data; error?: unknown; isLoading: boolean }>({
    isLoading: true,
  });
  const [version, setVersion] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const controller = new AbortController();
    setState(({ data }) => ({ ...(data !== undefined && { data }), isLoading: true }));
    latest.current(controller.signal).then(
      (data) => controller.signal.aborted || setState({ data, isLoading: false }),
      (error) =>
        controller.signal.aborted ||
        setState(({ data }) => ({ ...(data !== undefined && { data }), error, isLoading: false })),
    );
    return () => controller.abort();
  }, [...inputs, version]);
  const reload = useCallback(() => setVersion((previous) => previous + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}
