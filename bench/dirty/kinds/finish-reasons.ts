import { outputColumns } from "../../../collector/normalise/output-columns.ts";
import { finishReason } from "../../../core/finish-reason.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

/** The finish reason of a span, and what follows from it. */
const measured = (given: unknown): string => {
  const reason = finishReason(Array.isArray(given) ? given[0] : given);
  return `${reason || "unknown"}, truncated ${outputColumns(new Map(), reason).truncated ?? "unknown"}`;
};

const caseOf = ([given, reason, truncated, before]: readonly [unknown, string, string, string]): DirtyCase => {
  const right = `${reason}, truncated ${truncated}`;
  const measure = (): string => measured(given);
  return { input: JSON.stringify(given), right, before, measure, isRight: (said) => said === right };
};

/** Finish reasons as spans of other instrumentations carry them. */
export const finishReasons: DirtyKind = {
  kind: "capture: finish reasons as text",
  cases: (
    [
      ['["stop"]', "stop", "0", "other, truncated 0"],
      [['["length"]'], "length", "1", "other, truncated 0"],
      ["['length']", "length", "1", "other, truncated 0"],
      ["stop,length", "stop", "0", "other, truncated 0"],
      ["length, stop", "length", "1", "other, truncated 0"],
      ["FinishReason.MAX_TOKENS", "length", "1", "finishreason.max_tokens, truncated 0"],
      ["<FinishReason.MAX_TOKENS: 2>", "length", "1", "other, truncated 0"],
      ["FINISH_REASON_MAX_TOKENS", "length", "1", "finish_reason_max_tokens, truncated 0"],
      ["ContentFilter", "content_filter", "0", "contentfilter, truncated 0"],
      ["MaxTokens", "length", "1", "maxtokens, truncated 0"],
      ["End Turn", "stop", "0", "other, truncated 0"],
      ["eos_token", "stop", "0", "eos_token, truncated 0"],
      ["unknown", "unknown", "unknown", "unknown, truncated 0"],
      ["2", "unknown", "unknown", "2, truncated 0"],
      ["[]", "unknown", "unknown", "other, truncated 0"],
      ["a word nobody knows", "other", "unknown", "other, truncated 0"],
    ] as const
  ).map(caseOf),
};
