/** A place in a queue that all tabs and workers of one origin share, where the engine has Web Locks. */
export interface Turn {
  /** Whose turn it is: resolves when one's own has come; to false if one did not want to wait and would have to. */
  readonly come: Promise<boolean>;
  /** Lets the next one go; must be called, come or not. */
  leave(): void;
}

/** Who holds or waits for what, where there are no Web Locks. */
const queues = new Map<string, Promise<void>>();

/**
 * Queues up for a name. The engine lets go of it when the page or worker ends, so that a turn that can be had is also
 * proof that nobody is at it any more.
 * @internal
 */
export function queueUp(name: string, ifFree = false): Turn {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const come = new Promise<boolean>((resolve) => {
    const enter = (isFree: boolean) => {
      resolve(isFree);
      return left;
    };
    const wait = () => waitHere(name, ifFree, enter);
    const locks = globalThis.navigator?.locks;
    if (!locks) return wait();
    // A sandboxed frame has locks and may not use them.
    locks
      .request(name, { ifAvailable: ifFree }, (lock) => (lock ? enter(true) : void enter(false)))
      .catch(wait);
  });
  return { come, leave };
}

function waitHere(name: string, ifFree: boolean, enter: (isFree: boolean) => Promise<void>): void {
  const before = queues.get(name);
  if (before && ifFree) return void enter(false);
  const mine = (before ?? Promise.resolve()).then(() => enter(true));
  queues.set(name, mine);
  void mine.then(() => {
    if (queues.get(name) === mine) queues.delete(name);
  });
}
