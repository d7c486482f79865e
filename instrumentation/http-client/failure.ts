/** An error that says no more than what kind it is. */
const ofKind = (name: "TimeoutError" | "AbortError"): Error => Object.assign(new Error(name), { name });

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || (error as { code?: unknown }).code === "ETIMEDOUT");

/** Who ended a request of node:http: its own errors do not tell, a socket hangs up in all cases. */
export class Failure {
  #isTimedOut = false;
  #isDestroyed = false;
  #reason: unknown;

  /** The time the app allows without news is over; what it does then is its own business. */
  timedOut(): void {
    this.#isTimedOut = true;
  }

  /** The app ended it, with an error of its own or without one. */
  destroyed(reason: unknown): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#reason = reason;
  }

  /** True once the app has ended it. */
  isApps(): boolean {
    return this.#isDestroyed;
  }

  /** What `error`, Node's, means. */
  of(error: unknown): unknown {
    if (!this.#isDestroyed) return error;
    return this.#isTimedOut || isTimeout(this.#reason) ? ofKind("TimeoutError") : ofKind("AbortError");
  }
}
