import { useState } from "preact/hooks";

export interface Act {
  isBusy: boolean;
  error: unknown;
  /** Does something once at a time; its failure is kept, and `undefined` comes back. */
  act<Value>(work: () => PromiseLike<Value>): Promise<Value | undefined>;
}

/** For what a button does. */
export function useAct(): Act {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({
    isBusy: false,
    error: undefined,
  });
  const act = async <Value>(work: () => PromiseLike<Value>): Promise<Value | undefined> => {
    if (state.isBusy) return undefined;
    setState({ isBusy: true, error: undefined });
    try {
      const value = await work();
      setState({ isBusy: false, error: undefined });
      return value;
    } catch (error) {
      setState({ isBusy: false, error });
      return undefined;
    }
  };
  return { ...state, act };
}
