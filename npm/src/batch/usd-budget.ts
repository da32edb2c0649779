import type { CoreProgress } from "./io.js";
import type { BatchStore } from "./store.js";

/** Index of the entry with the spending. The header has −1. */
const INDEX = -2;
/** Delay before the balance is requested again after a failure, in milliseconds. */
const RETRY_MS = 5_000;

/** What a batch has cost, by the balance of the account. */
interface Spending {
  /** The last balance, in USD. */
  balance: number;
  /** Sum of the decreases of the balance, in USD. Payments into the account do not reduce it. */
  spent: number;
  /** Number of executions that had ended when the balance was requested: they are part of `spent`. */
  ended: number;
  /** Highest price of an execution so far, in USD. */
  price: number;
}

/**
 * Converts a budget in US dollars to a maximum of executions. Until the price of an execution is known, one runs at a time.
 * Afterwards, running executions are assumed to cost the highest price so far.
 * @internal
 */
export class UsdBudget {
  readonly #usd: number;
  readonly #balance: () => Promise<number>;
  readonly #store: BatchStore;
  readonly #id: string;
  #spending: Spending | undefined;
  /** Number of executions that have ended. */
  #ended = 0;
  /** Number of executions of earlier sessions that may still be running. Undefined until the first progress. */
  #unsettled: number | undefined;
  #isFollowing = false;
  #isStopped = false;

  /** @param balance - Requests the balance of the account. */
  constructor(usd: number, balance: () => Promise<number>, store: BatchStore, id: string) {
    this.#usd = usd;
    this.#balance = balance;
    this.#store = store;
    this.#id = id;
  }

  /** Amount that was spent since the batch began, in USD. */
  get spent(): number | undefined {
    return this.#spending?.spent;
  }

  /** Continues with the stored spending. Returns the maximum of executions. */
  async start(): Promise<number> {
    const [entry] = await this.#store.read(this.#id, INDEX, INDEX + 1);
    this.#spending = entry?.value as Spending | undefined;
    await this.#update(this.#spending?.ended ?? 0);
    return this.#max();
  }

  /** Requests the balance whenever executions have ended, and passes the new maximum of executions to `setMax`. */
  async follow(progress: CoreProgress, setMax: (max: number) => void): Promise<void> {
    this.#ended = progress.isFollowing ? 0 : this.#endedBy(progress);
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    while (this.#ended > (this.#spending?.ended ?? 0) && !this.#isStopped) {
      try {
        await this.#update(this.#ended);
        if (!this.#isStopped) setMax(this.#max());
      } catch {
        // The maximum stays until the balance is known.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#isFollowing = false;
  }

  /** Whether the balance is being requested after executions have ended: the maximum may rise. */
  isBehind(progress: CoreProgress): boolean {
    return this.#endedBy(progress) > (this.#spending?.ended ?? 0);
  }

  /** Ignores further progress: a batch that is stopped does not wait for its running rows. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Returns how many executions have certainly ended. */
  #endedBy({ executions, running, paused }: CoreProgress): number {
    const known = this.#spending?.ended ?? 0;
    this.#unsettled ??= executions - known;
    // The rows of earlier sessions were settled before a budget is found to be spent.
    if (paused === "budget" && running === 0) this.#unsettled = 0;
    return Math.max(known, executions - running - this.#unsettled);
  }

  async #update(ended: number): Promise<void> {
    const balance = await this.#balance();
    if (this.#isStopped) return;
    const last = this.#spending ?? { balance, spent: 0, ended: 0, price: 0 };
    const decrease = Math.max(0, last.balance - balance);
    const count = ended - last.ended;
    const price = Math.max(last.price, count > 0 ? decrease / count : 0);
    this.#spending = { balance, spent: last.spent + decrease, ended, price };
    await this.#store.write(this.#id, [{ index: INDEX, value: this.#spending }]);
  }

  #max(): number {
    const { spent, ended, price } = this.#spending ?? { spent: 0, ended: 0, price: 0 };
    const left = this.#usd - spent;
    if (price === 0) return left > 0 ? ended + 1 : ended;
    // Prices are decimal fractions: 0.06 / 0.02 must be 3.
    return ended + Math.max(0, Math.floor(left / price + 1e-6));
  }
}
