import {
  cutReply,
  jsonReply,
  type ProviderDouble,
  type ReceivedRequest,
  type Reply,
  type Scenario,
  scenarioOf,
  startDouble,
  unknownMembers,
} from "./provider-double.ts";

const MEMBERS = [
  ...["model", "messages", "max_tokens", "system", "stream", "temperature", "top_p", "top_k", "stop_sequences"],
  ...["tools", "tool_choice", "thinking", "metadata", "service_tier", "container", "output_config", "output_format"],
  ...["cache_control", "context_management", "mcp_servers", "inference_geo", "betas"],
];

type Block = Readonly<Record<string, unknown>>;

/** One event of a streamed answer. */
export type StreamEvent = Block & { readonly type: string };

/** The blocks of an answer, and why it ended. */
const ANSWERS: Readonly<Record<Scenario, readonly [stopReason: string, ...Block[]]>> = (() => {
  const text = (value: string): Block => ({ type: "text", text: value, citations: null });
  const plain = ["end_turn", text("Hello, this is an answer.")] as const;
  const tool: Block = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Oslo" } };
  return {
    plain,
    tool: ["tool_use", text("Let me look."), tool],
    refusal: ["refusal"],
    thinking: ["end_turn", { type: "thinking", thinking: "Let me think.", signature: "c2ln" }, text("42")],
    length: ["max_tokens", text("Hello, this is")],
    ...{ broken: plain, cut: plain, overloaded: plain },
  };
})();

const START_USAGE = {
  input_tokens: 11,
  cache_creation_input_tokens: 4,
  cache_read_input_tokens: 3,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 0 },
  service_tier: "standard",
};

const outputUsage = (scenario: Scenario) => ({
  output_tokens: 9,
  ...(scenario === "thinking" && { output_tokens_details: { thinking_tokens: 5 } }),
});

const errorBody = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" });

const errorReply = (status: number, type: string, message: string): Reply =>
  jsonReply(status, errorBody(type, message), { "request-id": "req_1", "x-should-retry": "false" });

const envelope = (model: string) => ({ id: "msg_01", type: "message", role: "assistant", model });

/** The body of a plain answer. */
export const anthropicMessage = (model: string, scenario: Scenario): object => {
  const [stop_reason, ...content] = ANSWERS[scenario];
  const usage = { ...START_USAGE, ...outputUsage(scenario) };
  return { ...envelope(model), content, stop_reason, stop_sequence: null, usage };
};

const sse = (data: StreamEvent): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const halves = (text: string): readonly string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

const DELTAS: Readonly<Record<string, (block: Block) => readonly Block[]>> = {
  text: ({ text }) => halves(String(text)).map((half) => ({ type: "text_delta", text: half })),
  thinking: ({ thinking, signature }) => [
    ...halves(String(thinking)).map((half) => ({ type: "thinking_delta", thinking: half })),
    { type: "signature_delta", signature },
  ],
  tool_use: ({ input }) => [
    { type: "input_json_delta", partial_json: "" },
    ...halves(JSON.stringify(input)).map((half) => ({ type: "input_json_delta", partial_json: half })),
  ],
};

const EMPTY: Readonly<Record<string, object>> = {
  text: { text: "" },
  thinking: { thinking: "", signature: "" },
  tool_use: { input: {} },
};

const blockEvents = (block: Block, index: number): readonly StreamEvent[] => {
  const type = String(block.type);
  const deltas = DELTAS[type]?.(block) ?? [];
  return [
    { type: "content_block_start", index, content_block: { ...block, ...EMPTY[type] } },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
};

/** The events of a streamed answer. */
export const anthropicStream = (model: string, scenario: Scenario): readonly StreamEvent[] => {
  const [stop_reason, ...content] = ANSWERS[scenario];
  const begun = { ...envelope(model), content: [], stop_reason: null, stop_sequence: null };
  const started = { type: "message_start", message: { ...begun, usage: { ...START_USAGE, output_tokens: 1 } } };
  const blocks = [started, { type: "ping" }, ...content.flatMap(blockEvents)];
  if (scenario === "broken") {
    return [...blocks.slice(0, 5), errorBody("overloaded_error", "Overloaded")];
  }
  const usage = outputUsage(scenario);
  const ended = { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage };
  return [...blocks, ended, { type: "message_stop" }];
};

const refused = ({ method, path, headers }: ReceivedRequest): Reply | null => {
  if (method !== "POST" || new URL(path, "http://x").pathname !== "/v1/messages") {
    return errorReply(404, "not_found_error", "Not found");
  }
  // Version 0 of the SDK sends a header of its own, version 1 a bearer token.
  if (!(headers["x-api-key"] || headers.authorization?.startsWith("Bearer ")))
    return errorReply(401, "authentication_error", "authentication is required");
  if (!headers["anthropic-version"]) return errorReply(400, "invalid_request_error", "anthropic-version is required");
  return null;
};

const answer = (request: ReceivedRequest): Reply => {
  const refusal = refused(request);
  if (refusal) return refusal;
  const body = JSON.parse(request.body);
  const unknown = unknownMembers(body, MEMBERS);
  if (unknown.length > 0) return errorReply(400, "invalid_request_error", `${unknown}: Extra inputs are not permitted`);
  if (!Number.isInteger(body.max_tokens)) return errorReply(400, "invalid_request_error", "max_tokens: Field required");
  if (!Array.isArray(body.messages)) return errorReply(400, "invalid_request_error", "messages: Field required");
  const scenario = scenarioOf(body.model);
  if (scenario === "overloaded") return errorReply(529, "overloaded_error", "Overloaded");
  const stream = {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_1" },
    pieces: anthropicStream(body.model, scenario).map(sse),
  };
  const reply = body.stream
    ? stream
    : jsonReply(200, anthropicMessage(body.model, scenario), { "request-id": "req_1" });
  return scenario === "cut" ? cutReply(reply) : reply;
};

/** Starts a double of Anthropic's messages API that is as strict about requests as the API. SDK base URL: `url`. */
export const startAnthropicDouble = (): Promise<ProviderDouble> => startDouble(answer);
