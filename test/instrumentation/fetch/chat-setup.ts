import { type CallObserver, createCallObserver } from "../../../instrumentation/fetch/call-observer.ts";
import { type HookSettings, hookFetch } from "../../../instrumentation/fetch/fetch-hook.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { createOpenCalls, type OpenCalls } from "../../../instrumentation/fetch/open-calls.ts";
import { createRetryFold, type RetryFold } from "../../../instrumentation/fetch/retry-fold.ts";
import { eventually } from "../eventually.ts";

/** A hooked fetch and what it recorded. */
export interface HookedFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly calls: FinishedCall[];
  readonly errors: unknown[];
  readonly open: OpenCalls;
  readonly retries: RetryFold;
  /** What follows the calls, for other transports. */
  readonly observer: CallObserver;
  /** Another fetch function, hooked by the same observer. */
  readonly hook: (original: typeof globalThis.fetch, settings: HookSettings) => typeof globalThis.fetch;
  /** Waits for the call with this index. */
  readonly call: (index?: number) => Promise<FinishedCall>;
  /** Waits for the first call that asked for this model. */
  readonly callOf: (model: string) => Promise<FinishedCall>;
}

/** Hooks `original` the way the preload does, keeping the finished calls. */
export const hookedFetch = (original: typeof globalThis.fetch = globalThis.fetch): HookedFetch => {
  const calls: FinishedCall[] = [];
  const errors: unknown[] = [];
  const open = createOpenCalls();
  const later = (fn: () => void, ms: number): (() => void) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  };
  const retries = createRetryFold(later);
  const observer = createCallObserver({
    clock: { now: Date.now, tick: () => performance.now() },
    ...{ open, retries },
    defer: (work) => void setImmediate(() => work.run()),
    record: (call) => void calls.push(call),
    onInternalError: (error) => void errors.push(error),
  });
  const hook: HookedFetch["hook"] = (other, settings) => hookFetch(other, observer, settings);
  const call = (index = 0) => eventually(() => calls[index]);
  const callOf = (model: string) => eventually(() => calls.find(({ request }) => request.model === model));
  return { fetch: hook(original, { nested: false }), observer, calls, errors, open, retries, hook, call, callOf };
};
