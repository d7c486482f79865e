import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, parseObject, textOf } from "../../json/read-json.ts";
import { countOf, laterTokens, NO_TOKENS, type ReportedTokens } from "../../usage/reported-tokens.ts";
import { type TokenUsage, usageOf } from "../../usage/token-usage.ts";
import { ALL_WITHIN } from "../../usage/usage-convention.ts";
import { AnswerBuilder } from "../answer-builder.ts";
import type { AnswerFacts } from "../answer-facts.ts";
import { logprobsOf } from "../openai/openai-message.ts";
import { readError } from "../read-error.ts";
import { statedReason } from "../stated-reason.ts";
import { argumentsText } from "../tool-calls/tool-call-piece.ts";
import type { StreamFold } from "../wire-format.ts";

/**
 * `eval_count` has the thoughts in it, `prompt_eval_count` what was cached; no total is given. A prompt that is wholly cached
 * is not counted by older servers: then its length is not known.
 */
const reportedBy = (data: JsonObject): ReportedTokens => ({
  ...NO_TOKENS,
  input: countOf(data.prompt_eval_count),
  output: countOf(data.eval_count),
});

/** The usage in the counts of an answer's last message, or of an embedding. */
export const ollamaUsage = (data: JsonObject): TokenUsage => usageOf(reportedBy(data), ALL_WITHIN);

/** Starts an empty fold of the lines of `/api/chat` and `/api/generate`: each has a piece, the last one the counts. */
export const createOllamaFold = (): StreamFold => {
  const builder = new AnswerBuilder();
  let [model, reason] = ["", ""];
  let reported = NO_TOKENS;
  let [started, done] = [false, false];
  let error: string | null = null;

  const addMessage = (message: JsonObject): void => {
    if (typeof message.content === "string") builder.text(message.content);
    for (const call of listOf(message.tool_calls)) {
      const { name, arguments: args } = objectOf(objectOf(call).function);
      if (textOf(name) !== "") builder.toolCalls.begin({ name: textOf(name), arguments: argumentsText(args) });
    }
  };
  /** It says `stop` for tool calls too; the conventions have a word for them. */
  const reasonOf = (): string => (reason === "stop" && builder.toolCalls.size() > 0 ? "tool_calls" : reason);
  return {
    event: (data) => {
      model ||= textOf(data.model);
      if (data.error != null) error ??= readError(data.error);
      if (typeof data.response === "string") builder.text(data.response);
      addMessage(objectOf(data.message));
      for (const logprob of logprobsOf({ content: data.logprobs })) builder.logprob(logprob);
      started ||= data.message !== undefined || data.response !== undefined;
      if (data.done !== true) return;
      done = true;
      // Older servers give none.
      reason = statedReason(data.done_reason) || "unknown";
      reported = laterTokens(reported, reportedBy(data));
    },
    facts: () => ({
      ...{ id: "", model, fingerprint: "", error },
      finishReasons: started ? [reasonOf() || "error"] : [],
      usage: usageOf(reported, ALL_WITHIN),
      answer: started ? builder.answer(reasonOf()) : null,
      complete: error === null && started && done,
    }),
  };
};

/** Reads a plain answer, or all lines of a streamed one that came under another name; null when it is neither. */
export const readOllamaAnswer = (text: string): AnswerFacts | null => {
  const whole = parseObject(text);
  const lines: readonly JsonObject[] =
    whole === null ? text.split("\n").map((line) => parseObject(line) ?? {}) : [whole];
  if (!lines.some((line) => line.done !== undefined || line.error !== undefined)) return null;
  const fold = createOllamaFold();
  for (const line of lines) fold.event(line);
  return fold.facts();
};
