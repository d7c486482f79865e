import { finishReason } from "../../core/finish-reason.ts";
import type { Answer } from "../../features/answer.ts";
import { isRecord } from "../../features/is-record.ts";
import { listOf, objectOf, textOf } from "../json/read-json.ts";
import { readToolCall } from "../tools/read-tool-call.ts";
import { anthropicMessages } from "../wire/anthropic/anthropic.ts";
import { bedrockConverse } from "../wire/bedrock/bedrock.ts";
import { cohereChat } from "../wire/cohere/cohere.ts";
import { gemini } from "../wire/gemini/gemini.ts";
import { ollamaChat } from "../wire/ollama/ollama.ts";
import { openaiCompletions } from "../wire/openai/openai-completions.ts";
import { openaiResponses } from "../wire/openai/openai-responses.ts";
import { argumentsText } from "../wire/tool-calls/tool-call-piece.ts";
import type { WireFormat } from "../wire/wire-format.ts";

/** An answer, and what is said beside it; null is unknown, an empty model too. */
export interface GivenAnswer {
  readonly answer: Answer;
  readonly model: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/** Longest text that is kept; of longer ones the length is told. */
const MAX_CHARS = 1024 * 1024;

type Given = Readonly<Record<string, unknown>>;

const has = (given: Given, name: string, is: (value: unknown) => boolean): boolean =>
  Object.hasOwn(given, name) && is(given[name]);

/** How bodies of answers are told from one another, by what only they have. Only own members: getters of SDKs may throw. */
const BODIES: readonly (readonly [WireFormat, (given: Given) => boolean])[] = [
  // Reads chat completions as well.
  [openaiCompletions, (given) => has(given, "choices", Array.isArray)],
  [gemini, (given) => has(given, "candidates", Array.isArray)],
  [openaiResponses, (given) => has(given, "output", Array.isArray)],
  [anthropicMessages, (given) => has(given, "content", Array.isArray) && given.type === "message"],
  [bedrockConverse, (given) => has(given, "output", (output) => isRecord(objectOf(output).message))],
  [ollamaChat, (given) => has(given, "message", isRecord) && typeof given.done === "boolean"],
  [cohereChat, (given) => has(given, "message", isRecord) && typeof given.finish_reason === "string"],
];

const readBody = (format: WireFormat, given: Given): GivenAnswer | null => {
  const facts = format.readAnswer(JSON.stringify(given));
  if (!facts?.answer || facts.error !== null) return null;
  const { input = null, output = null, costUsd = null } = facts.usage;
  return { answer: facts.answer, model: facts.model, inputTokens: input, outputTokens: output, costUsd };
};

const amount = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;

const readPlain = (given: Given): GivenAnswer | null => {
  const { text = null, toolCalls, usage, refusal, model } = given;
  if (text !== null && typeof text !== "string") return null;
  if (!("text" in given) && listOf(toolCalls).length === 0) return null;
  const calls = listOf(toolCalls).map((call) => {
    const { name, arguments: args } = readToolCall(call);
    return { name: textOf(name), arguments: argumentsText(args) };
  });
  const { inputTokens, outputTokens, costUsd } = objectOf(usage);
  return {
    answer: {
      ...{ text: text?.slice(0, MAX_CHARS) ?? null, chars: text?.length ?? 0, toolCalls: calls },
      refusal: typeof refusal === "string" ? refusal : null,
      finishReason: finishReason(given.finishReason) || (calls.length > 0 ? "tool_calls" : ""),
    },
    ...{ model: textOf(model), inputTokens: amount(inputTokens), outputTokens: amount(outputTokens) },
    costUsd: amount(costUsd),
  };
};

/**
 * Reads what a function of an app gives for an answer: a text; `{ text, toolCalls, finishReason, refusal, usage, model }`, of which
 * only text or tool calls are needed; or the body of a provider's answer. Null for anything else. Throws what the value throws.
 */
export const readGivenAnswer = (given: unknown): GivenAnswer | null => {
  if (typeof given === "string") return readPlain({ text: given });
  if (!isRecord(given)) return null;
  const [format] = BODIES.find(([, is]) => is(given)) ?? [];
  return format === undefined ? readPlain(given) : readBody(format, given);
};
