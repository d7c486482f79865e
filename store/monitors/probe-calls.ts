import { LEEWAY } from "../../core/attributes.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { quoteText } from "../quote.ts";
import { SPANS } from "../schema/llm-spans.ts";
import type { ProbeCall } from "./monitor-store.ts";

/** See MonitorStore.probeCalls. */
export const probeCalls = (database: Database, monitor: string, sinceMs: number): Promise<ProbeCall[]> =>
  database.query<ProbeCall>(
    `SELECT ${epochOf("s.end_ms")} AS end_ms, error, error_type, finish_reason, refusal_class, response_model,
       system_fingerprint, prompt_version, output_chars, duration_ms, output_tokens, cost_usd,
       segments['probe'] AS probe, toInt64OrZero(segments['run']) AS run,
       segments['answer'] AS answer, segments['form'] AS form
     FROM ${SPANS} AS s
     WHERE scope = ${quoteText(LEEWAY.sentinelScope)} AND prompt_name = {monitor:String}
       AND s.end_ms >= ${momentOf("since")}
     ORDER BY run, probe, s.received_ms LIMIT 1 BY trace_id, span_id`,
    { monitor, since: Math.floor(sinceMs) },
  );
