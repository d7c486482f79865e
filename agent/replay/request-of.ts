import { effectOf } from "../../formats/ask-again/effects.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import { sayTo } from "../../formats/questions/providers.ts";
import type { QuestionParameters } from "../../formats/questions/question.ts";
import type { AskedModel } from "./asker.ts";
import type { CorpusQuestion } from "./corpus-line.ts";
import { readChatBody } from "./read-request.ts";

/** What a run asks for beside what the corpus says. */
export interface AskedBeside {
  /** Longest answer in tokens, where a question has none of its own; null = the provider's. */
  readonly maxTokens: number | null;
  /** Seed of the first repetition; null = none. */
  readonly seed: number | null;
}

/** The body of a request and how long its answer may be, or why it is not asked. */
export type AskedRequest =
  | { readonly body: JsonObject; readonly maxTokens: number | null }
  | { readonly notAskable: string };

/** Paths with the model in them: the body has none. */
const hasModelInPath = ({ provider, model }: AskedModel): boolean => provider.path(model) !== provider.path("");

const EFFECTS = {
  "server-tools": "it has the provider search, fetch or run something",
  stored: "it stands for something that is kept at the provider",
  background: "it is of the background or batch mode",
  upload: "it needs uploaded files",
} as const;

const STREAMING: ReadonlySet<string> = new Set(["stream", "stream_options"]);

/** The tokens an answer may have at most, in whichever words; null = unsaid. */
const longestOf = (body: JsonObject): number | null => {
  const { generationConfig, inferenceConfig, options } = body as Readonly<Record<string, JsonObject | undefined>>;
  const said = [
    ...[body.max_tokens, body.max_completion_tokens, body.max_output_tokens, generationConfig?.maxOutputTokens],
    ...[inferenceConfig?.maxTokens, options?.num_predict],
  ];
  return said.find((value): value is number => typeof value === "number" && value > 0) ?? null;
};

/** A body as it was sent to a provider of the same words, to another model. */
const copied = (asked: AskedModel, body: JsonObject): AskedRequest => {
  const effect = effectOf(body, JSON.stringify(body));
  if (effect !== null) return { notAskable: EFFECTS[effect] };
  const kept = Object.fromEntries(Object.entries(body).filter(([key]) => !STREAMING.has(key) && key !== "model"));
  const whole = asked.name === "cohere" || asked.name === "ollama" ? { stream: false } : {};
  const model = hasModelInPath(asked) ? {} : { model: asked.model };
  const stored = asked.name === "openai-responses" ? { store: false } : {};
  return { body: { ...model, ...kept, ...whole, ...stored }, maxTokens: longestOf(kept) };
};

const said = (
  asked: AskedModel,
  { question }: Extract<CorpusQuestion, { readonly kind: "question" }>,
  { maxTokens, seed }: AskedBeside,
  repetition: number,
): AskedRequest => {
  const beside: QuestionParameters = {
    ...(maxTokens === null ? {} : { maxTokens }),
    ...question.parameters,
    ...(seed === null ? {} : { seed: seed + repetition }),
  };
  const request = sayTo(asked.provider, { ...question, parameters: beside }, asked.model);
  return "lost" in request
    ? { notAskable: `${asked.name} cannot be asked it: it holds ${request.lost}` }
    : { body: request.body, maxTokens: beside.maxTokens ?? null };
};

/**
 * The request by which a model is asked, the `repetition`-th time from 0. A body goes to a provider of the same words as it is, without
 * what would stream it, and to others only where nothing of it is lost.
 */
export const requestOf = (
  asked: AskedModel,
  question: CorpusQuestion,
  beside: AskedBeside,
  repetition: number,
): AskedRequest => {
  if (question.kind === "question") return said(asked, question, beside, repetition);
  const { format, body } = question;
  if (format === asked.format.name) return copied(asked, body);
  if (format !== "openai.chat_completions") {
    return { notAskable: `it is written as ${format}, which is not said in the words of ${asked.format.name}` };
  }
  const read = readChatBody(body);
  return "problem" in read ? { notAskable: read.problem } : said(asked, read, beside, repetition);
};
