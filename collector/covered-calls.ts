import type { SpanRow } from "../core/span-row.ts";

/** A call on its way in, as far as it matters here. */
export interface SeenCall {
  readonly row: Pick<SpanRow, "trace_id" | "span_id" | "parent_span_id" | "service" | "scope" | "response_id">;
  /** The span of the same call by another instrumentation, where ours names one; empty without. */
  readonly covers: string;
}

/** Recognises the spans that several instrumentations made of one call. */
export interface CoveredCalls {
  /**
   * The calls of one request that are to be rows. Of two spans of one call the first to arrive stays; of two in one
   * request ours. Yields after each.
   */
  readonly firsts: <Call extends SeenCall>(calls: readonly Call[]) => Generator<void, readonly Call[]>;
}

/** The scope of the spans our preload makes. */
const OURS = "leeway";

/**
 * Our span begins inside the other one's: a call whose parent is a call is that call. Not every instrumentation lets us
 * see what its active span is, so that ours may name none.
 */
const coveredBy = ({ row, covers }: SeenCall): string =>
  covers || (row.scope === OURS && row.parent_span_id) || row.span_id;

/** Two spans of one call share a key: the outer one's id, or trace and response id within one service. */
const keysOf = (call: SeenCall): readonly string[] => [
  `${call.row.trace_id}:${coveredBy(call)}`,
  ...(call.row.response_id === "" ? [] : [`${call.row.trace_id}/${call.row.service}/${call.row.response_id}`]),
];

interface ScopeMemory {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, scope: string) => void;
}

/**
 * Two generations: the older is forgotten as a whole. Forgetting the oldest key whenever one is added takes longer the
 * more have been forgotten, because a Map goes over the places of those that are gone.
 */
const createScopeMemory = (maxKeys: number): ScopeMemory => {
  let older = new Map<string, string>();
  let newer = new Map<string, string>();
  return {
    get: (key) => newer.get(key) ?? older.get(key),
    set(key, scope) {
      if (newer.size >= maxKeys / 2) [older, newer] = [newer, new Map()];
      newer.set(key, scope);
    },
  };
};

/**
 * Creates the memory, of at most `maxKeys` keys; the older half of them is forgotten. It is made for instrumentations that
 * send within seconds of each other, and not kept over a restart.
 */
export const createCoveredCalls = (maxKeys: number): CoveredCalls => {
  const scopeOf = createScopeMemory(maxKeys);
  const isFirst = (call: SeenCall): boolean => {
    const keys = keysOf(call);
    const { scope } = call.row;
    // The same scope again is the same span sent again, which is the duplicate filter's business, or an SDK's retry.
    if (keys.some((key) => (scopeOf.get(key) ?? scope) !== scope)) return false;
    for (const key of keys) scopeOf.set(key, scope);
    return true;
  };
  return {
    *firsts(calls) {
      const [ours, others] = [
        calls.filter(({ row }) => row.scope === OURS),
        calls.filter(({ row }) => row.scope !== OURS),
      ];
      const kept = new Set<SeenCall>();
      for (const call of [...ours, ...others]) {
        if (isFirst(call)) kept.add(call);
        yield;
      }
      return calls.filter((call) => kept.has(call));
    },
  };
};
