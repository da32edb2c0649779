/** Loads what a view shows. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<Data> {
  /** What was loaded last: it stays while it is loaded anew, so that nothing jumps. */
  data: Data | undefined;
  error: unknown;
  isLoading: boolean;
  reload(): void;
}

/** Loads when it is shown and whenever one of `inputs` changes; what is not wanted any more is aborted. */
export function useLoad<Data>(
  load: (signal: AbortSignal) => Promise<Data>,
  inputs: readonly unknown[],
): Loaded<Data> {
  const [state, setState] = useState<{ data?: Data; error?: unknown; isLoading: boolean }>({
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
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
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}
