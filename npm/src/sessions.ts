/// <reference lib="esnext.disposable" preserve="true" />
import type { CreateSessionRequest, SessionItemView } from "./generated/models.js";
import { SessionOperations } from "./generated/resources.js";
import type { RequestOptions, ResponsePromise } from "./options.js";

/** `Symbol.asyncDispose`, or its replacement by the helpers that compilers add for `await using`. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as typeof Symbol.asyncDispose);

/**
 * A session that you started. `await using` stops it. The methods are not enumerable: a copy or a message contains the data
 * only.
 */
export interface StartedSession extends SessionItemView, AsyncDisposable {
  /** Stops the session. Succeeds if it has ended or does not exist any more. */
  stop(options?: RequestOptions): Promise<void>;
}

/** The sessions of your project. */
export class Sessions extends SessionOperations {
  // No comment here: editors show the inherited one.
  override create(body?: CreateSessionRequest, options?: RequestOptions): ResponsePromise<StartedSession> {
    const creation = super.create(body, options) as ResponsePromise<StartedSession>;
    // The first reaction: it precedes those of the caller.
    creation.then(
      (session) => this.#addMethods(session),
      () => {},
    );
    return creation;
  }

  #addMethods(session: StartedSession): void {
    const stop = async (options?: RequestOptions) => {
      await this.stop(session.id, options).catch((error) => {
        if (error.code !== "session_not_found") throw error;
      });
    };
    Object.defineProperties(session, { stop: { value: stop }, [ASYNC_DISPOSE]: { value: () => stop() } });
  }
}
