const COVERED = Symbol.for("leeway.covered");

/**
 * Spans of other instrumentations whose call has a span of ours. The preload bundle notes them and the `leeway` entry
 * asks, so it lives on globalThis.
 */
export const coveredSpans = (): WeakSet<object> => {
  const shared = globalThis as { [COVERED]?: WeakSet<object> };
  shared[COVERED] ??= new WeakSet();
  return shared[COVERED];
};
