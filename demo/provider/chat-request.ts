/** A tool the request offers. */
export interface ToolDefinition {
  readonly type: "function";
  readonly function: { readonly name: string; readonly parameters?: unknown };
}

/** The part of a validated chat completion request that shapes the answer. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema?: unknown } };
  readonly tools?: readonly ToolDefinition[];
  readonly tool_choice?: unknown;
  readonly n?: number;
}

/** Why a request is refused, in the words of OpenAI's error body. */
export interface Refused {
  readonly status: 400 | 401 | 404;
  readonly message: string;
  readonly param: string | null;
  readonly code: string | null;
}

type Check = (value: unknown) => boolean;
type Body = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const between =
  (low: number, high: number, whole = false): Check =>
  (value) =>
    typeof value === "number" && value >= low && value <= high && (!whole || Number.isInteger(value));
const anything: Check = () => true;

const ROLES = ["system", "developer", "user", "assistant", "tool"];
const isMessage: Check = (value) =>
  isObject(value) &&
  ROLES.includes(String(value.role)) &&
  (typeof value.content === "string" ||
    Array.isArray(value.content) ||
    (value.role === "assistant" && value.content == null)) &&
  (value.role !== "tool" || typeof value.tool_call_id === "string");
const isTool: Check = (value) =>
  isObject(value) &&
  value.type === "function" &&
  isObject(value.function) &&
  /^[\w-]{1,64}$/.test(String(value.function.name ?? ""));
const isResponseFormat: Check = (value) =>
  isObject(value) &&
  (["text", "json_object"].includes(String(value.type)) ||
    (value.type === "json_schema" && isObject(value.json_schema) && typeof value.json_schema.name === "string"));

/** Parameters of the chat completions endpoint and what each may hold; any other name is refused as OpenAI does. */
const PARAMETERS: Readonly<Record<string, Check>> = {
  model: isText,
  messages: (value) => Array.isArray(value) && value.length > 0 && value.every(isMessage),
  stream: isFlag,
  stream_options: isObject,
  response_format: isResponseFormat,
  tools: (value) => Array.isArray(value) && value.length > 0 && value.every(isTool),
  tool_choice: (value) => ["none", "auto", "required"].includes(String(value)) || isObject(value),
  parallel_tool_calls: isFlag,
  n: between(1, 128, true),
  temperature: between(0, 2),
  top_p: between(0, 1),
  frequency_penalty: between(-2, 2),
  presence_penalty: between(-2, 2),
  max_tokens: between(1, 1e6, true),
  max_completion_tokens: between(1, 1e6, true),
  seed: between(-(2 ** 63), 2 ** 63, true),
  stop: (value) => isText(value) || (Array.isArray(value) && value.length <= 4 && value.every(isText)),
  logprobs: isFlag,
  top_logprobs: between(0, 20, true),
  logit_bias: isObject,
  metadata: isObject,
  store: isFlag,
  user: isText,
  safety_identifier: isText,
  prompt_cache_key: isText,
  reasoning_effort: isText,
  verbosity: isText,
  service_tier: isText,
  modalities: Array.isArray,
  prediction: anything,
};

const refuse = (message: string, param: string | null, code: string | null = null): Refused => ({
  status: 400,
  message,
  param,
  code,
});

const wrongParameter = (body: Body): Refused | null => {
  for (const required of ["model", "messages"]) {
    if (body[required] == null)
      return refuse(`Missing required parameter: '${required}'.`, required, "missing_required_parameter");
  }
  for (const [name, value] of Object.entries(body)) {
    const check = PARAMETERS[name];
    if (check === undefined) return refuse(`Unrecognized request argument supplied: ${name}`, null);
    if (value !== null && !check(value)) return refuse(`Invalid value for '${name}'.`, name, "invalid_value");
  }
  return null;
};

const wrongCombination = (body: Body): Refused | null => {
  if (body.stream_options != null && body.stream !== true) {
    return refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  if (body.tool_choice != null && body.tools == null) {
    return refuse(
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      "tool_choice",
    );
  }
  const wantsJson = isObject(body.response_format) && body.response_format.type === "json_object";
  if (wantsJson && !/json/i.test(JSON.stringify(body.messages))) {
    return refuse(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
    );
  }
  return null;
};

/** Reads and checks the text of a request body the way OpenAI's API does: the request, or why it is refused. */
export const readChatRequest = (text: string): ChatRequest | Refused => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refuse("We could not parse the JSON body of your request.", null);
  }
  if (!isObject(body)) return refuse("The request body must be a JSON object.", null);
  const wrong = wrongParameter(body) ?? wrongCombination(body);
  // The checks above establish the shape, member by member.
  return wrong ?? (body as unknown as ChatRequest);
};
