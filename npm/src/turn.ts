/** A place in a queue that all tabs and workers of one origin share, where the engine has Web Locks. */
export interface Turn {
  /** Whose turn it is: resolves when one's own has come; to false if one's patience has ended before. */
  readonly come: Promise<boolean>;
  /** Lets the next one go; must be called, come or not. */
  leave(): void;
}

/** Who holds or waits for what, where there are no Web Locks. */
const queues = new Map<string, Promise<void>>();

/**
 * Queues up for a name. The engine lets go of it when the page or worker ends, so that a turn that can be had is also
 * proof that nobody is at it any more.
 *
 * @param patience - After so many milliseconds one does not want one's turn any more. Infinity: for ever.
 * @internal
 */
export function queueUp(name: string, patience = Number.POSITIVE_INFINITY): Turn {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const come = new Promise<boolean>((resolve) => {
    const giveUp = () => resolve(false);
    const enter = () => {
      resolve(true);
      return left;
    };
    if (patience < Number.POSITIVE_INFINITY) setTimeout(giveUp, patience);
    const locks = globalThis.navigator?.locks;
    // A sandboxed frame has locks and may not use them.
    if (locks) locks.request(name, enter).catch(() => waitHere(name, enter));
    else waitHere(name, enter);
  });
  return { come, leave };
}

function waitHere(name: string, enter: () => Promise<void>): void {
  const mine = (queues.get(name) ?? Promise.resolve()).then(enter);
  queues.set(name, mine);
  void mine.then(() => {
    if (queues.get(name) === mine) queues.delete(name);
  });
}
