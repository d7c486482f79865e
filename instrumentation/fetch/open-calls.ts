/** A call whose answer the app has not read to its end. */
export interface OpenCall {
  /** Monotonic ms at which something was last read. */
  lastActivity(): number;
  /** Ends the call as it stands. */
  abandon(): void;
}

/** Makes sure that every call ends, also when the app drops its answer or never finishes reading it. */
export interface OpenCalls {
  readonly add: (call: OpenCall) => void;
  readonly remove: (call: OpenCall) => void;
  /** Abandons the call when `body` is garbage collected. */
  readonly watch: (call: OpenCall, body: object) => void;
  /** Abandons calls without activity since `before` (monotonic ms); Infinity = all. */
  readonly abandonIdle: (before: number) => void;
}

/** Starts with no open call. The calls hold no reference to their bodies, or those would never be collected. */
export const createOpenCalls = (): OpenCalls => {
  const open = new Set<OpenCall>();
  const collected = new FinalizationRegistry<OpenCall>((call) => call.abandon());
  return {
    add: (call) => void open.add(call),
    remove: (call) => {
      open.delete(call);
      // Not needed any more, and every watched object makes garbage collection slower.
      collected.unregister(call);
    },
    watch: (call, body) => collected.register(body, call, call),
    abandonIdle: (before) => {
      for (const call of [...open]) if (call.lastActivity() < before) call.abandon();
    },
  };
};
