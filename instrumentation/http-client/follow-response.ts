import type { IncomingMessage } from "node:http";
import type { BodyObserver } from "../fetch/body-observer.ts";
import type { Failure } from "./failure.ts";
import { tellBefore } from "./tell-before.ts";

type Guard = <Given extends unknown[]>(work: (...given: Given) => void, ...given: Given) => void;

/** What ends the body of an answer, beside its own end. */
class BodyEnd {
  readonly #told: BodyObserver;
  readonly #failure: Failure;

  constructor(told: BodyObserver, failure: Failure) {
    this.#told = told;
    this.#failure = failure;
  }

  /** Node brings what came from the network; null is the end. */
  readonly came = (piece: unknown): void => {
    if (piece === null) this.#told.end();
    else if (piece instanceof Uint8Array) {
      this.#told.chunk(piece);
      this.#told.reading();
    }
  };

  /** Node, when the connection broke or the app ended the request; or the app, which does not read on. */
  readonly destroyed = (error: unknown): void => {
    const isBroken = error instanceof Error && (error as { code?: unknown }).code === "ECONNRESET";
    if (isBroken || this.#failure.isApps()) this.#told.fail(this.#failure.of(error));
    else this.#told.cancel();
  };
}

/**
 * Tells `told` what comes of a response, as it comes from the network. What is replaced are members of this one object by
 * which Node hands it the bytes and ends it: it is neither read nor made to flow, and its backpressure is Node's.
 */
export const followResponse = (
  response: IncomingMessage,
  told: BodyObserver,
  { failure, guard }: { readonly failure: Failure; readonly guard: Guard },
): void => {
  const end = new BodyEnd(told, failure);
  told.reading();
  tellBefore(response, {
    push: (piece) => guard(end.came, piece),
    destroy: (error) => guard(end.destroyed, error),
  });
};
