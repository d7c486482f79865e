import type { Dialect } from "../dialect.ts";

/** The Anthropic SDK's own spans: the conventions, but for the finish reason. */
export const ANTHROPIC: Dialect = {
  name: "anthropic",
  mark: null,
  kind: null,
  fields: { finish_reason: ["anthropic.message.stop_reason"] },
};
