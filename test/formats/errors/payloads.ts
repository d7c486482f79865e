import type { Failure } from "../../../formats/errors/read-failure.ts";

/** An error as a provider writes it: its status, its body, and what it is. */
export type Payload = readonly [
  what: string,
  status: number,
  body: unknown,
  kind: Failure["kind"],
  fault?: Failure["fault"],
  parameter?: string,
];

const openai = (message: string, type: string | null, code: string | null, param: string | null = null) => ({
  error: { message, type, param, code },
});
const anthropic = (type: string, message: string) => ({
  type: "error",
  error: { type, message },
  request_id: "req_011C",
});
const gemini = (code: number, status: string, message: string, details: readonly object[] = []) => ({
  error: { code, message, status, details },
});
const INVALID = "invalid_request_error";

/** The shapes in which the providers answer failures, as their APIs are known to, 2026-11. */
export const PAYLOADS: Readonly<Record<string, readonly Payload[]>> = {
  openai: [
    [
      "rate limit",
      429,
      openai(
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.",
        "tokens",
        "rate_limit_exceeded",
      ),
      "rate-limit",
    ],
    [
      "quota",
      429,
      openai(
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
      ),
      "quota",
    ],
    [
      "overload",
      503,
      openai("The engine is currently overloaded, please try again later", "server_error", null),
      "overload",
    ],
    [
      "server",
      500,
      openai("The server had an error while processing your request. Sorry about that!", "server_error", null),
      "server",
    ],
    ["key", 401, openai("Incorrect API key provided: sk-***.", INVALID, "invalid_api_key"), "auth"],
    [
      "model",
      404,
      openai("The model `gpt-9` does not exist or you do not have access to it.", INVALID, "model_not_found"),
      "model-not-found",
    ],
    [
      "unsupported parameter",
      400,
      openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        INVALID,
        "unsupported_parameter",
        "max_tokens",
      ),
      "request",
      "unsupported-parameter",
      "max_tokens",
    ],
    [
      "unsupported value",
      400,
      openai(
        "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
        INVALID,
        "unsupported_value",
        "temperature",
      ),
      "request",
      "unsupported-value",
      "temperature",
    ],
    [
      "unknown parameter",
      400,
      openai("Unknown parameter: 'thinking'.", INVALID, "unknown_parameter", "thinking"),
      "request",
      "unknown-parameter",
      "thinking",
    ],
    [
      "unknown argument of old",
      400,
      openai("Unrecognized request argument supplied: top_k", INVALID, null),
      "request",
      "unknown-parameter",
      "top_k",
    ],
    [
      "missing parameter",
      400,
      openai("Missing required parameter: 'messages'.", INVALID, "missing_required_parameter", "messages"),
      "request",
      "missing-parameter",
      "messages",
    ],
    [
      "inside a parameter",
      400,
      openai("Invalid value: 'function'. Supported values are: 'user'.", INVALID, "invalid_value", "messages[2].role"),
      "request",
      "unsupported-value",
      "messages",
    ],
    [
      "too long",
      400,
      openai(
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens.",
        INVALID,
        "context_length_exceeded",
        "messages",
      ),
      "request",
      "context-length",
    ],
    [
      "schema",
      400,
      openai(
        "Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is required to be supplied and to be false.",
        INVALID,
        "invalid_json_schema",
        "text.format.schema",
      ),
      "request",
      "schema",
      "text",
    ],
    [
      "content policy",
      400,
      openai("Your request was rejected as a result of our safety system.", INVALID, "content_policy_violation"),
      "content-policy",
    ],
  ],
  azure: [
    [
      "rate limit",
      429,
      {
        error: {
          code: "429",
          message:
            "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-06-01 have exceeded call rate limit of your current OpenAI S0 pricing tier.",
        },
      },
      "rate-limit",
    ],
    [
      "deployment",
      404,
      { error: { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." } },
      "model-not-found",
    ],
    [
      "content filter",
      400,
      {
        error: {
          message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
          type: null,
          param: "prompt",
          code: "content_filter",
          status: 400,
          innererror: { code: "ResponsibleAIPolicyViolation" },
        },
      },
      "content-policy",
    ],
    [
      "key",
      401,
      { error: { code: "401", message: "Access denied due to invalid subscription key or wrong API endpoint." } },
      "auth",
    ],
    ["path", 404, { error: { code: "404", message: "Resource not found" } }, "request"],
  ],
  anthropic: [
    [
      "rate limit",
      429,
      anthropic(
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 50 requests per minute.",
      ),
      "rate-limit",
    ],
    ["overload", 529, anthropic("overloaded_error", "Overloaded"), "overload"],
    ["server", 500, anthropic("api_error", "Internal server error"), "server"],
    ["timeout", 504, anthropic("timeout_error", "Request timed out"), "timeout"],
    ["key", 401, anthropic("authentication_error", "invalid x-api-key"), "auth"],
    ["model", 404, anthropic("not_found_error", "model: claude-9"), "model-not-found"],
    ["credit", 400, anthropic(INVALID, "Your credit balance is too low to access the Anthropic API."), "quota"],
    [
      "max_tokens missing",
      400,
      anthropic(INVALID, "max_tokens: Field required"),
      "request",
      "missing-parameter",
      "max_tokens",
    ],
    [
      "tool_choice with thinking",
      400,
      anthropic(INVALID, "Thinking may not be enabled when tool_choice forces tool use."),
      "request",
      "thinking-conflict",
      "tool_choice",
    ],
    [
      "temperature with thinking",
      400,
      anthropic(INVALID, "`temperature` may only be set to 1 when thinking is enabled."),
      "request",
      "thinking-conflict",
      "temperature",
    ],
    [
      "unknown parameter",
      400,
      anthropic(INVALID, "frequency_penalty: Extra inputs are not permitted"),
      "request",
      "unknown-parameter",
      "frequency_penalty",
    ],
    [
      "value",
      400,
      anthropic(INVALID, "temperature: Input should be less than or equal to 1"),
      "request",
      "unsupported-value",
      "temperature",
    ],
    [
      "value too high",
      400,
      anthropic(
        INVALID,
        "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for claude-x",
      ),
      "request",
      "unsupported-value",
      "max_tokens",
    ],
    [
      "both at once",
      400,
      anthropic(INVALID, "`temperature` and `top_p` cannot both be specified for this model. Please use only one."),
      "request",
      "unsupported-parameter",
      "temperature",
    ],
    [
      "too long",
      400,
      anthropic(INVALID, "prompt is too long: 203456 tokens > 200000 maximum"),
      "request",
      "context-length",
    ],
    ["too large", 413, anthropic("request_too_large", "Request exceeds the maximum size"), "request", "context-length"],
  ],
  gemini: [
    [
      "rate limit",
      429,
      gemini(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
      "rate-limit",
    ],
    ["overload", 503, gemini(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), "overload"],
    ["timeout", 504, gemini(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), "timeout"],
    ["server", 500, gemini(500, "INTERNAL", "An internal error has occurred."), "server"],
    [
      "key",
      400,
      gemini(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
        { reason: "API_KEY_INVALID" },
      ]),
      "auth",
    ],
    [
      "model",
      404,
      gemini(
        404,
        "NOT_FOUND",
        "models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.",
      ),
      "model-not-found",
    ],
    [
      "unknown field",
      400,
      gemini(
        400,
        "INVALID_ARGUMENT",
        "Invalid JSON payload received. Unknown name \"max_tokens\" at 'generation_config': Cannot find field.",
      ),
      "request",
      "unknown-parameter",
      "max_tokens",
    ],
    [
      "in a list, as streams have it",
      429,
      [gemini(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.")],
      "rate-limit",
    ],
  ],
  mistral: [
    [
      "rate limit",
      429,
      {
        object: "error",
        message: "Service tier capacity exceeded for this model.",
        type: "service_tier_capacity_exceeded",
        param: null,
        code: "3505",
      },
      "rate-limit",
    ],
    ["rate limit of old", 429, { message: "Requests rate limit exceeded" }, "rate-limit"],
    [
      "model",
      400,
      { object: "error", message: "Invalid model: mistral-9", type: "invalid_model", param: null, code: "1500" },
      "model-not-found",
    ],
    [
      "unknown parameter",
      422,
      {
        object: "error",
        message: {
          detail: [
            { type: "extra_forbidden", loc: ["body", "top_k"], msg: "Extra inputs are not permitted", input: 3 },
          ],
        },
        type: INVALID,
        param: null,
        code: null,
      },
      "request",
      "unknown-parameter",
      "top_k",
    ],
    [
      "missing parameter",
      422,
      { detail: [{ type: "missing", loc: ["body", "messages"], msg: "Field required", input: {} }] },
      "request",
      "missing-parameter",
      "messages",
    ],
    ["key", 401, { detail: "Unauthorized" }, "auth"],
  ],
  cohere: [
    [
      "rate limit",
      429,
      { message: "You are using a Trial key, which is limited to 20 API calls / minute." },
      "rate-limit",
    ],
    [
      "model",
      404,
      { id: "x", message: "model 'command-9' not found, make sure the correct model ID was used" },
      "model-not-found",
    ],
    [
      "unknown parameter",
      422,
      { message: "unknown field: parameter 'top_p' is not a valid field" },
      "request",
      "unknown-parameter",
      "top_p",
    ],
    ["blocked", 498, { message: "blocked input: please adjust your input" }, "content-policy"],
    ["key", 401, { message: "invalid api token" }, "auth"],
  ],
  bedrock: [
    [
      "throttled",
      429,
      { __type: "ThrottlingException", message: "Too many tokens, please wait before trying again." },
      "rate-limit",
    ],
    ["not ready", 429, { __type: "ModelNotReadyException", message: "Model is not ready for inference." }, "overload"],
    [
      "unavailable",
      503,
      { __type: "ServiceUnavailableException", message: "Bedrock is unable to process your request." },
      "overload",
    ],
    [
      "timeout",
      408,
      { __type: "ModelTimeoutException", message: "Model has timed out in processing the request." },
      "timeout",
    ],
    [
      "model failed",
      424,
      { __type: "ModelErrorException", message: "The system encountered an unexpected error." },
      "server",
    ],
    [
      "access",
      403,
      { __type: "AccessDeniedException", message: "You don't have access to the model with the specified model ID." },
      "auth",
    ],
    [
      "model",
      400,
      { __type: "ValidationException", message: "The provided model identifier is invalid." },
      "model-not-found",
    ],
    [
      "unknown key",
      400,
      {
        __type: "ValidationException",
        message:
          "Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input and try again.",
      },
      "request",
      "unknown-parameter",
      "top_k",
    ],
    [
      "missing key",
      400,
      {
        __type: "com.amazon.coral.validate#ValidationException",
        message:
          "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.",
      },
      "request",
      "missing-parameter",
      "max_tokens",
    ],
  ],
  compatible: [
    [
      "vLLM",
      400,
      {
        object: "error",
        message: "This model's maximum context length is 4096 tokens.",
        type: "BadRequestError",
        param: null,
        code: 400,
      },
      "request",
      "context-length",
    ],
    ["OpenRouter", 402, { error: { code: 402, message: "Insufficient credits" } }, "quota"],
    ["Ollama", 404, { error: "model 'llama9' not found" }, "model-not-found"],
  ],
};
