import type { ParentSpan } from "../app-tracing.ts";
import type { CallContext } from "../call-context.ts";

/** Where a logical call began: with its first attempt. */
export interface CallOrigin {
  /** Epoch ms. */
  readonly startedAt: number;
  /** Monotonic ms. */
  readonly startTick: number;
  readonly context: CallContext;
  readonly parent: ParentSpan | null;
}

/** What tells which attempt repeats which. */
export interface AttemptIdentity {
  readonly attempt: number;
  readonly url: string;
  readonly body: string;
  /** The `idempotency-key` header, empty without one. */
  readonly idempotencyKey: string;
  /** The app's scope the attempt was made in: an object compared by identity. */
  readonly scope: unknown;
}

/** Makes one call of the attempts of one SDK call. */
export interface RetryFold {
  /** The origin of the failed attempt that this attempt repeats, which is then not published; null for a new call. */
  readonly take: (identity: AttemptIdentity) => CallOrigin | null;
  /** Keeps a failed attempt for `waitMs`; without a retry by then it is published. */
  readonly hold: (identity: AttemptIdentity, origin: CallOrigin, waitMs: number, publish: () => void) => void;
  /** Publishes everything that is held. */
  readonly release: () => void;
}

interface Held {
  readonly identity: AttemptIdentity;
  readonly origin: CallOrigin;
  readonly publish: () => void;
  readonly cancelTimer: () => void;
}

/** No more than this many attempts, and characters of their bodies, are held; beyond it the oldest are published. */
const MAX_HELD = 1000;
const MAX_CHARS = 16 * 1024 * 1024;

const repeats = (next: AttemptIdentity, held: AttemptIdentity): boolean =>
  next.attempt === held.attempt + 1 &&
  next.scope === held.scope &&
  next.url === held.url &&
  next.idempotencyKey === held.idempotencyKey &&
  next.body === held.body;

/**
 * Starts empty. An attempt repeats a failed one when the SDK numbers it one higher (`x-stainless-retry-count`), and
 * URL, body, idempotency key and the app's scope are the same. The SDKs send nothing that names the logical call, so
 * of identical calls that failed at the same time the oldest is taken: then two calls may swap their beginnings, but
 * neither their number nor the sum of their durations is wrong. A retry that comes later than SDKs wait stays a call
 * of its own.
 *
 * `later` runs a function after so many ms without keeping the process alive, and returns what cancels it.
 */
export const createRetryFold = (later: (fn: () => void, ms: number) => () => void): RetryFold => {
  // In the order of their failures.
  const waiting = new Set<Held>();
  let chars = 0;
  const remove = (held: Held): void => {
    held.cancelTimer();
    if (waiting.delete(held)) chars -= held.identity.body.length;
  };
  const publish = (held: Held): void => {
    remove(held);
    held.publish();
  };
  const makeRoom = (): void => {
    for (const oldest of waiting) {
      if (waiting.size <= MAX_HELD && chars <= MAX_CHARS) return;
      publish(oldest);
    }
  };
  return {
    take: (identity) => {
      if (identity.attempt === 0) return null;
      for (const held of waiting) {
        if (!repeats(identity, held.identity)) continue;
        remove(held);
        return held.origin;
      }
      return null;
    },
    hold: (identity, origin, waitMs, publishAttempt) => {
      const held: Held = {
        ...{ identity, origin, publish: publishAttempt },
        cancelTimer: later(() => publish(held), waitMs),
      };
      waiting.add(held);
      chars += identity.body.length;
      makeRoom();
    },
    release: () => {
      for (const held of [...waiting]) publish(held);
    },
  };
};
