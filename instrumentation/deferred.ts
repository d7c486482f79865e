import { tellOwnError } from "./shield.ts";

/** A piece of work; must not throw. */
export interface Work {
  run(): void;
}

/** Work that is done a little later, many pieces in one go, and at once when the process ends. */
export interface Deferred {
  /** `work` runs after what the app does now. `chars` of memory are kept until then. */
  readonly defer: (work: Work, chars: number) => void;
  /** Runs what still waits. */
  readonly runNow: () => void;
}

/** Settings of the deferral. Times in ms. */
export interface DeferredSettings {
  /** Work is collected for this long. */
  readonly delayMs: number;
  /** No longer than this (and one piece of work) at a stretch; the rest after the app has had its turn. */
  readonly sliceMs: number;
  /** Once this many characters are kept, work starts at once. */
  readonly maxChars: number;
}

/** Collaborators of the deferral. */
export interface DeferredCollaborators {
  /** Runs a function later without keeping the process alive. */
  readonly later: (fn: () => void, ms: number) => void;
  /** Runs a function after the app's own work of this turn. */
  readonly soon: (fn: () => void) => void;
  /** Monotonic, ms. */
  readonly tick: () => number;
}

/**
 * Starts with no work. A piece of work costs less than half of its price when it runs right after another one, because
 * caches are warm and the event loop turns once for all of them.
 */
export const createDeferred = (
  { delayMs, sliceMs, maxChars }: DeferredSettings,
  { later, soon, tick }: DeferredCollaborators,
): Deferred => {
  let waiting: Work[] = [];
  let chars = 0;
  let next: "none" | "later" | "soon" = "none";
  const runUntil = (end: number): void => {
    let done = 0;
    for (const work of waiting) {
      done += 1;
      try {
        work.run();
      } catch (error) {
        // The others run all the same.
        tellOwnError(error);
      }
      if (tick() >= end) break;
    }
    waiting = waiting.slice(done);
    if (waiting.length === 0) chars = 0;
  };
  const runSlice = (): void => {
    runUntil(tick() + sliceMs);
    next = waiting.length > 0 ? "soon" : "none";
    if (next === "soon") soon(runSlice);
  };
  const start = (): void => {
    if (next === "later") runSlice();
  };
  return {
    defer: (work, kept) => {
      waiting.push(work);
      chars += kept;
      if (next === "none") {
        next = "later";
        later(start, delayMs);
      }
      if (chars >= maxChars && next === "later") {
        next = "soon";
        soon(runSlice);
      }
    },
    runNow: () => runUntil(Number.POSITIVE_INFINITY),
  };
};
