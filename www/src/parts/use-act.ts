import { useRef, useState } from "preact/hooks";

export interface Act {
  isBusy: boolean;
  error: unknown;
  /** Runs an action unless one is running. Stores its error and resolves to `undefined` if it fails. */
  act<Value>(work: () => PromiseLike<Value>): Promise<Value | undefined>;
}

/**
 * State of a button's action. Mark the button by `aria-disabled` while it is busy: a disabled button would lose the focus.
 */
export function useAct(): Act {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({
    isBusy: false,
    error: undefined,
  });
  const isRunning = useRef(false);
  const act = async <Value>(work: () => PromiseLike<Value>): Promise<Value | undefined> => {
    if (isRunning.current) return undefined;
    isRunning.current = true;
    setState({ isBusy: true, error: undefined });
    try {
      const value = await work();
      setState({ isBusy: false, error: undefined });
      return value;
    } catch (error) {
      setState({ isBusy: false, error });
      return undefined;
    } finally {
      isRunning.current = false;
    }
  };
  return { ...state, act };
}
