import { sharedByAll } from "./shared-object.ts";

/**
 * Spans of other instrumentations whose call has a span of ours. The preload bundle notes them and the `leeway` entry
 * asks, so they share the set.
 */
export const coveredSpans: () => WeakSet<object> = sharedByAll("covered", 1, () => new WeakSet<object>());
