import { AsyncLocalStorage } from "node:async_hooks";
import { withoutAppTracing } from "./app-tracing.ts";
import type { Prompt } from "./scope.ts";

/** Marks a call as the second one of a pair. */
export interface PairMark {
  /** `leeway.pair_id`: 32 hex digits. */
  readonly id: string;
  readonly migration: string;
  /** What the app said of the call that was served. */
  readonly served: { readonly prompt: Prompt | null; readonly segments: Readonly<Record<string, string>> };
  /** True for what is asked about the pair's answers; default: it gives one of them. */
  readonly isOpinion?: boolean;
  /** Hears of every call that begins as a part of it. */
  readonly onCall?: () => void;
}

const storage = new AsyncLocalStorage<PairMark>();

/** The pair that a call made now is the second one of; null for a call of the app. */
export const currentPair = (): PairMark | null => storage.getStore() ?? null;

/** As it was when the process began: neither a request that is served meanwhile nor another second call has a say. */
const outside = AsyncLocalStorage.snapshot();

/** Runs `fn`; the call made inside it is the second one of a pair, and no span of the app's own tracing. */
export const insidePair = <T>(mark: PairMark, fn: () => T): T =>
  outside(() => storage.run(mark, () => withoutAppTracing(fn)));
