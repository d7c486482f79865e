import { GEN_AI, LEEWAY } from "../../core/attributes.ts";
import type { ContentRow } from "../../core/content-row.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import { recordedContent } from "../../formats/dialects/read/recorded-call.ts";
import { MAX_CHARS } from "../../formats/dialects/read/recorded-values.ts";
import { textOf } from "../../formats/dialects/read/values.ts";
import { jsonText } from "../../formats/json/json-text.ts";
import type { Message, Part, ToolDefinition } from "../../formats/wire/content/message.ts";
import type { ContentSettings } from "../collector-settings.ts";

/** The content of a span: its row, that it is too much to be kept, or null where the span has none that is wanted. */
export type SpanContent = ContentRow | "too-large" | null;

/** Parameters by the name a request has for them; a name of the conventions each. */
const REQUEST: readonly (readonly [name: string, attribute: string])[] = [
  ["temperature", GEN_AI.requestTemperature],
  ["top_p", GEN_AI.requestTopP],
  ["top_k", GEN_AI.requestTopK],
  ["max_tokens", GEN_AI.requestMaxTokens],
  ["frequency_penalty", GEN_AI.requestFrequencyPenalty],
  ["presence_penalty", GEN_AI.requestPresencePenalty],
  ["seed", GEN_AI.requestSeed],
  ["stop", GEN_AI.requestStopSequences],
  ["reasoning", GEN_AI.requestReasoningLevel],
  ["output_type", GEN_AI.outputType],
];

/** The parameters of a request as others than the conventions write them: one object, as JSON text. */
const WRITTEN = ["llm.invocation_parameters", "langfuse.observation.model.parameters", "model_request_parameters"];

/** Of these all that is needed to ask again is taken, and nothing else: keys of providers stand there, too. */
const WANTED = ["response_format", "tool_choice", ...REQUEST.map(([name]) => name)];

const writtenIn = (attributes: Attributes): Readonly<Record<string, unknown>> => {
  for (const name of WRITTEN) {
    const value = attributes.get(name);
    const object = typeof value === "string" && value.length <= MAX_CHARS ? parsed(value) : null;
    if (object !== null)
      return Object.fromEntries(WANTED.flatMap((key) => (object[key] == null ? [] : [[key, object[key]]])));
  }
  return {};
};

const parsed = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
};

const requestOf = (attributes: Attributes): Readonly<Record<string, unknown>> => ({
  ...writtenIn(attributes),
  ...Object.fromEntries(
    REQUEST.flatMap(([name, attribute]) => {
      const value = attributes.get(attribute);
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  ),
});

/** Lone surrogates would come back as such; they are no text. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value;

const listText = (list: readonly (Message | Part | ToolDefinition)[]): string =>
  list.length === 0 ? "" : JSON.stringify(list, wellFormed);

const SHORTENED: Readonly<Record<string, string>> = {
  [GEN_AI.inputMessages]: "messages",
  [GEN_AI.outputMessages]: "output",
  [GEN_AI.systemInstructions]: "system",
  [GEN_AI.toolDefinitions]: "tools",
};

const truncatedOf = (attributes: Attributes): readonly string[] => {
  const named = attributes.get(LEEWAY.contentTruncated);
  const names = Array.isArray(named) ? named.map(String) : [];
  return [...new Set(names.flatMap((name) => SHORTENED[name] ?? []))].sort();
};

const isWanted = ({ migration, service, operation }: SpanRow, { services }: ContentSettings): boolean =>
  migration !== "" && operation !== "embeddings" && (services === null || services.includes(service));

const isHuge = (attributes: Attributes): boolean => {
  for (const value of attributes.values()) if (typeof value === "string" && value.length > MAX_CHARS) return true;
  return false;
};

/**
 * What was asked and answered in the call of `row`, where its span says it and the settings ask for it: calls of a migration,
 * of the services that are named. Never throws.
 */
export const contentRow = (attributes: Attributes, row: SpanRow, settings: ContentSettings): SpanContent => {
  if (!isWanted(row, settings)) return null;
  // What is not parsed for its length would be missing without a word.
  if (isHuge(attributes)) return "too-large";
  const content = recordedContent(attributes, row.finish_reason);
  if (content === null) return null;
  const texts = {
    ...{ messages: listText(content.input), system: listText(content.systemInstructions) },
    ...{ tools: listText(content.toolDefinitions), output: listText(content.output) },
    request: jsonText(requestOf(attributes)),
  };
  const bytes = Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > settings.maxBytes) return "too-large";
  const { trace_id, span_id, received_ms, migration, cohort, service, provider, operation } = row;
  return {
    ...{ trace_id, span_id, at_ms: row.end_ms, received_ms, migration, cohort, service, provider, operation },
    pair_id: textOf(attributes.get(LEEWAY.pairId)),
    ...{ request_model: row.request_model, response_model: row.response_model, finish_reason: row.finish_reason },
    ...{ targeting_key_hash: row.targeting_key_hash, conversation_id: row.conversation_id, segments: row.segments },
    ...{ duration_ms: row.duration_ms, input_tokens: row.input_tokens, output_tokens: row.output_tokens },
    ...{ cost_usd: row.cost_usd, ...texts, truncated: truncatedOf(attributes) },
  };
};
