import { LEEWAY } from "../core/attributes.ts";
import { quoteText } from "./quote.ts";
import { SPANS } from "./schema/llm-spans.ts";

/** SQL for the calls that meet a condition, each once: the first copy that came in, later ones could move it to another minute. */
export const onceSql = (condition: string): string => `(SELECT * FROM ${SPANS} WHERE ${condition}
  ORDER BY received_ms, end_ms, start_ms LIMIT 1 BY trace_id, span_id)`;

/** SQL condition for calls of an app: a sentinel's probes are no traffic. */
export const IS_TRAFFIC: string = `scope != ${quoteText(LEEWAY.sentinelScope)}`;
