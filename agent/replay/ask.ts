import { httpCall } from "../../alerts/http-call.ts";
import type { ErrorKind } from "../../core/error-kind.ts";
import { finishReason } from "../../core/finish-reason.ts";
import { retryAfterMs } from "../../core/retry-after.ts";
import { readFailure } from "../../formats/errors/read-failure.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { AskedModel } from "./asker.ts";

/** An answer, as it goes into a record. Counts are null where the provider does not say. */
export interface Answered {
  readonly outcome: "answered";
  readonly model: string;
  readonly output: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  readonly finishReason: string;
  /** Mean natural log-probability of its tokens; null where the provider returned none. */
  readonly meanLogprob: number | null;
  readonly latencyMs: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** What became of one try. `limited`: there were too many of them; `stop`: no other question would fare better. */
export type Reply =
  | Answered
  | { readonly outcome: "limited"; readonly waitMs: number | null }
  | { readonly outcome: "failed"; readonly what: string; readonly is: "passing" | "final" | "stop" };

/** Longest answer that is read, bytes. */
const MAX_BYTES = 64 * 1024 ** 2;

/** What a failure of a kind means for the question, and for all others. */
const MEANING: Readonly<Record<ErrorKind, "passing" | "final" | "stop" | "limited">> = {
  ...{ "rate-limit": "limited", overload: "limited" },
  ...{ request: "final", "content-policy": "final" },
  ...{ auth: "stop", quota: "stop", "model-not-found": "stop" },
  ...{ timeout: "passing", network: "passing", server: "passing" },
  ...{ aborted: "passing", incomplete: "passing", other: "passing" },
};

const failed = (status: number | null, text: string, waitMs: number | null): Reply => {
  const { kind, parameter } = readFailure(status, text);
  const is = MEANING[kind];
  if (is === "limited") return { outcome: "limited", waitMs };
  const about = parameter === "" ? "" : ` (${parameter})`;
  return { outcome: "failed", what: `${kind}${about}${status === null ? "" : `, status ${status}`}`, is };
};

const waitIn = (headers: Headers): number | null => {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  return Number.isFinite(ms) && ms > 0 ? ms : retryAfterMs(headers.get("retry-after"), Date.now());
};

/** Asks once. Never rejects; `now` is monotonic ms. */
export const ask = async (
  { url, headers, format }: Pick<AskedModel, "url" | "headers" | "format">,
  body: JsonObject,
  { timeoutMs, ending, now }: { readonly timeoutMs: number; readonly ending: AbortSignal; readonly now: () => number },
): Promise<Reply> => {
  const began = now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const answer = await httpCall({
    ...{ method: "POST", url, maxBytes: MAX_BYTES, body: JSON.stringify(body) },
    headers: { "content-type": "application/json", ...headers },
    signal: AbortSignal.any([timeout, ending]),
  });
  if ("error" in answer) return { outcome: "failed", what: answer.error, is: "passing" };
  const { status, text, isWhole } = answer;
  if (status < 200 || status > 299) return failed(status, text, waitIn(answer.headers));
  const facts = isWhole ? format.readAnswer(text) : null;
  // Some answer an error with 200.
  if (facts?.error) return failed(null, text, null);
  if (facts === null || facts.answer === null) {
    return { outcome: "failed", what: `an answer that is none of ${format.name}, status ${status}`, is: "passing" };
  }
  const { usage, model, answer: given } = facts;
  return {
    ...{ outcome: "answered", model, output: given.text ?? given.refusal, toolCalls: given.toolCalls },
    meanLogprob: given.meanLogprob ?? null,
    ...{ finishReason: finishReason(given.finishReason), latencyMs: Math.round(now() - began) },
    ...{ inputTokens: usage.input ?? null, outputTokens: usage.output ?? null, cachedTokens: usage.cached ?? null },
    ...{ cacheWriteTokens: usage.cacheWrite ?? null, reasoningTokens: usage.reasoning ?? null },
  };
};
