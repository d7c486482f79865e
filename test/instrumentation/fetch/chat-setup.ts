import { hookFetch } from "../../../instrumentation/fetch/fetch-hook.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { createOpenCalls, type OpenCalls } from "../../../instrumentation/fetch/open-calls.ts";
import { eventually } from "../eventually.ts";

/** A hooked fetch and what it recorded. */
export interface HookedFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly calls: FinishedCall[];
  readonly errors: unknown[];
  readonly open: OpenCalls;
  /** Waits for the call with this index. */
  readonly call: (index?: number) => Promise<FinishedCall>;
}

/** Hooks `original` the way the preload does, keeping the finished calls. */
export const hookedFetch = (original: typeof globalThis.fetch = globalThis.fetch): HookedFetch => {
  const calls: FinishedCall[] = [];
  const errors: unknown[] = [];
  const open = createOpenCalls();
  const fetch = hookFetch(original, {
    clock: { now: Date.now, tick: () => performance.now() },
    open,
    defer: (work) => void setImmediate(work),
    record: (call) => void calls.push(call),
    onInternalError: (error) => void errors.push(error),
  });
  return { fetch, calls, errors, open, call: (index = 0) => eventually(() => calls[index]) };
};
