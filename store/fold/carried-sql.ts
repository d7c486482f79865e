import { commonestSql } from "./signal-sql.ts";

/** Different identities of a minute and arm that are kept: the commonest. Names of models and prompts are few. */
const MAX_IDENTITIES = 50;

/** Names are no longer than this; what is comes from an app that is none of its business. */
const MAX_NAME = 200;

const FIELDS = ["provider", "request_model", "response_model", "prompt_name", "prompt_version"];

/** SQL for the key of core/call-identity.ts. */
const KEY = `toJSONString([${FIELDS.map((field) => `substringUTF8(toString(${field}), 1, ${MAX_NAME})`).join(", ")}])`;

/** SQL for the calls of a group by what they say they were made with and answered by, where `condition` holds. */
export const carriedSql = (condition: string): string =>
  commonestSql(`sumMapIf(map(${KEY}, toUInt64(1)), ${condition})`, MAX_IDENTITIES);
