import { IS_TRAFFIC } from "./calls-sql.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";
import { SPANS } from "./schema/llm-spans.ts";

/** A model that calls asked for, by provider. */
export interface SeenModel {
  /** As the app wrote it; what answered, where that is all the spans say. */
  readonly model: string;
  /** Empty = the spans do not say. */
  readonly provider: string;
  /** Names that the answers came under, at most ten. */
  readonly answeredAs: readonly string[];
  /** Migrations whose calls they are, at most ten. */
  readonly migrations: readonly string[];
  readonly calls: number;
  /** End of the newest call, epoch ms. */
  readonly newest: number;
}

/** More names than these are no models but a bug that writes something else there. */
const MOST = 200;

/** The models of the calls that ended since `since` (epoch ms), those with most calls first; without probes of sentinels. */
export const modelsSeen = (database: Database, since: number): Promise<readonly SeenModel[]> =>
  database.query<SeenModel>(
    `SELECT if(request_model = '', response_model, request_model) AS model, provider,
       arrayFilter(name -> name != '', groupUniqArray(10)(response_model)) AS answeredAs,
       arrayFilter(name -> name != '', groupUniqArray(10)(migration)) AS migrations,
       uniqExact(trace_id, span_id) AS calls, max(${epochOf("end_ms")}) AS newest
     FROM ${SPANS} WHERE end_ms >= ${momentOf("since")} AND ${IS_TRAFFIC} AND model != ''
     GROUP BY model, provider ORDER BY calls DESC, model, provider LIMIT ${MOST}`,
    { since: Math.floor(since) },
  );
