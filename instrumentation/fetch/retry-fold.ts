import type { ParentSpan } from "../app-tracing.ts";
import type { CallContext } from "../call-context.ts";
import { afterWait, type FailedAttempt, type RetriesSoFar } from "./retries-so-far.ts";
import { isNumberedFirst, type RetryHabit } from "./retry-habit.ts";
import type { RetryWait } from "./retry-wait.ts";

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
  readonly habit: RetryHabit;
  /** As its SDK counts; where it does not, 0 for an attempt that is about to be sent. */
  readonly attempt: number;
  /** Monotonic ms: when it is sent, or, for a failed one, when it failed. */
  readonly at: number;
  readonly url: string;
  readonly body: string;
  /** The `idempotency-key` header, empty without one. */
  readonly idempotencyKey: string;
  /** The object its headers were given in, compared by identity; null without one. */
  readonly givenHeaders: object | null;
  /** The app's scope the attempt was made in: an object compared by identity. */
  readonly scope: unknown;
}

/** The failed attempt that an attempt repeats. */
export interface EarlierAttempt {
  readonly origin: CallOrigin;
  readonly attempt: number;
  /** With the wait after it. */
  readonly retries: RetriesSoFar;
}

/** How an attempt failed, and what the ones before it met with. */
export interface FailedCall extends FailedAttempt {
  readonly origin: CallOrigin;
  readonly retries: RetriesSoFar;
}

/** Makes one call of the attempts of one SDK call. */
export interface RetryFold {
  /** The failed attempt that this attempt repeats, which is then not published; null for a new call. */
  readonly take: (identity: AttemptIdentity) => EarlierAttempt | null;
  /** Keeps a failed attempt until the wait is over; without a retry by then it is published. */
  readonly hold: (identity: AttemptIdentity, failed: FailedCall, wait: RetryWait, publish: () => void) => void;
  /** Publishes everything that is held. */
  readonly release: () => void;
}

interface Held {
  readonly failed: FailedCall;
  readonly identity: AttemptIdentity;
  /** No retry comes earlier than this, monotonic ms. */
  readonly from: number;
  readonly publish: () => void;
  readonly cancelTimer: () => void;
}

/** No more than this many attempts, and characters of their bodies, are held; beyond it the oldest are published. */
const MAX_HELD = 1000;
const MAX_CHARS = 16 * 1024 * 1024;

const asksTheSame = (next: AttemptIdentity, held: AttemptIdentity): boolean =>
  next.habit === held.habit &&
  next.scope === held.scope &&
  next.url === held.url &&
  next.idempotencyKey === held.idempotencyKey &&
  next.body === held.body;

const repeats = (next: AttemptIdentity, { identity: held, from }: Held): boolean => {
  if (!asksTheSame(next, held)) return false;
  if (next.habit.knownBy === "count") return next.attempt === held.attempt + 1;
  if (next.at < from) return false;
  return next.habit.knownBy === "timing" || (next.givenHeaders !== null && next.givenHeaders === held.givenHeaders);
};

/** The same question, sooner than the SDK asks again: the app asks by itself, so that no later one proves anything. */
const disproves = (next: AttemptIdentity, { identity: held, from }: Held): boolean =>
  next.habit.knownBy === "timing" && next.at < from && asksTheSame(next, held);

/**
 * Starts empty. An attempt repeats a failed one when URL, body, idempotency key, SDK and the app's scope are the same
 * and the SDK's habit says so: it numbers it one higher (`x-stainless-retry-count`), or sends the very same headers
 * object, or it comes when that SDK's back-off ends. What an app repeats by itself is a call of its own: a loop of
 * questions must not make failures disappear. The SDKs send nothing that names the logical call, so of identical calls
 * that failed at the same time the oldest is taken: then two calls may swap their beginnings, but neither their number
 * nor the sum of their durations is wrong. A retry that comes later than SDKs wait stays a call of its own.
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
      if (isNumberedFirst(identity.habit, identity.attempt)) return null;
      for (const held of waiting) {
        if (!repeats(identity, held)) continue;
        remove(held);
        const { failed, identity: before } = held;
        const retries = afterWait(failed.retries, failed, identity.at - before.at);
        return { origin: failed.origin, attempt: before.attempt, retries };
      }
      for (const held of [...waiting]) if (disproves(identity, held)) publish(held);
      return null;
    },
    hold: (identity, failed, { shortestMs, longestMs }, publishAttempt) => {
      const held: Held = {
        ...{ identity, failed, publish: publishAttempt },
        from: identity.at + shortestMs,
        cancelTimer: later(() => publish(held), longestMs),
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
