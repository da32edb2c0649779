/** Passes values from a producer to a consumer. @internal */
export class Channel<Value> {
  readonly #values: Value[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** Adds a value. */
  push(value: Value): void {
    this.#values.push(value);
    this.#wake?.();
  }

  /** Ends the channel. Values that were added before are still returned. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Returns the next value, or undefined at the end. */
  async next(): Promise<Value | undefined> {
    while (this.#values.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#values.shift();
  }
}
