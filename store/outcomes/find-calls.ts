import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { isOneOf } from "../quote.ts";
import { SPANS } from "../schema/llm-spans.ts";

/** What an outcome takes over from the call it belongs to. */
export interface FoundCall {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly response_id: string;
  readonly migration: string;
  readonly cohort: string;
  readonly segments: Readonly<Record<string, string>>;
}

/** Which calls are looked for, and how far back; times are epoch ms. */
export interface CallSearch {
  readonly traces: readonly string[];
  readonly responses: readonly string[];
  /** Calls that ended at or after this … */
  readonly endedSince: number;
  /** … and came in at or after this. */
  readonly receivedSince: number;
}

/**
 * The calls of the given traces, and those with the given response ids, each once. Calls of a migration come first,
 * then ours before those another instrumentation made of the same request, then the first that came in.
 */
export const findCalls = async (
  database: Database,
  { traces, responses, endedSince, receivedSince }: CallSearch,
): Promise<readonly FoundCall[]> =>
  database.query<FoundCall>(
    `SELECT trace_id, span_id, parent_span_id, response_id, migration, cohort, segments FROM (
       SELECT *, ${epochOf("received_ms")} AS received FROM ${SPANS}
       WHERE end_ms >= ${momentOf("endedSince")} AND received_ms >= ${momentOf("receivedSince")}
         AND (${isOneOf("trace_id", traces)} OR ${isOneOf("response_id", responses)})
       ORDER BY received_ms LIMIT 1 BY trace_id, span_id
     ) ORDER BY migration = '', scope != 'leeway', received, span_id`,
    { endedSince, receivedSince },
  );
