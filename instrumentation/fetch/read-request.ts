import { GEN_AI, OPENAI } from "../../core/attributes.ts";
import type { AskedFor } from "../../features/answer.ts";
import { isRecord } from "./is-record.ts";

/** What a chat completion request says, without any content. */
export interface RequestFacts {
  readonly model: string;
  readonly asked: AskedFor;
  /** Request parameters as span attributes. */
  readonly attributes: Readonly<Record<string, string | number | boolean | string[]>>;
}

const NUMBERS: Readonly<Record<string, string>> = {
  temperature: GEN_AI.requestTemperature,
  top_p: GEN_AI.requestTopP,
  max_tokens: GEN_AI.requestMaxTokens,
  max_completion_tokens: GEN_AI.requestMaxTokens,
  seed: GEN_AI.requestSeed,
  frequency_penalty: GEN_AI.requestFrequencyPenalty,
  presence_penalty: GEN_AI.requestPresencePenalty,
};

const toolName = (tool: unknown): string[] =>
  isRecord(tool) && isRecord(tool.function) && typeof tool.function.name === "string" ? [tool.function.name] : [];

const askedFor = (body: Record<string, unknown>): AskedFor => {
  const format = isRecord(body.response_format) ? body.response_format.type : "text";
  return {
    json: format === "json_object" || format === "json_schema",
    tools: Array.isArray(body.tools) ? body.tools.flatMap(toolName) : [],
  };
};

const attributesOf = (body: Record<string, unknown>, asked: AskedFor): RequestFacts["attributes"] => {
  const found: Record<string, string | number | boolean | string[]> = {
    [OPENAI.apiType]: "chat_completions",
    [GEN_AI.outputType]: asked.json ? "json" : "text",
  };
  for (const [parameter, attribute] of Object.entries(NUMBERS)) {
    const value = body[parameter];
    if (typeof value === "number") found[attribute] = value;
  }
  if (body.stream === true) found[GEN_AI.requestStream] = true;
  if (typeof body.n === "number" && body.n !== 1) found[GEN_AI.requestChoiceCount] = body.n;
  return found;
};

/** Azure names the deployment in the path; bodies may then come without a model. */
const deploymentIn = (url: URL): string => decodeURIComponent(/\/deployments\/([^/]+)\//.exec(url.pathname)?.[1] ?? "");

/** Reads a request body; null when it is not a chat completion after all. Stop sequences are content and left out. */
export const readRequest = (text: string, url: URL): RequestFacts | null => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(body) || !Array.isArray(body.messages)) return null;
  const model = typeof body.model === "string" ? body.model : deploymentIn(url);
  if (model === "") return null;
  const asked = askedFor(body);
  return { model, asked, attributes: attributesOf(body, asked) };
};
