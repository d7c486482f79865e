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

const SHARED = ["model", "stream", "temperature", "top_p", "max_tokens", "stop", "random_seed", "metadata", "n"];
const CHAT_MEMBERS = [
  ...SHARED,
  ...["messages", "response_format", "tools", "tool_choice", "presence_penalty", "frequency_penalty", "prediction"],
  ...["parallel_tool_calls", "reasoning_effort", "prompt_mode", "guardrails", "safe_prompt", "service_tier"],
];
const FIM_MEMBERS = [...SHARED, "prompt", "suffix", "min_tokens"];

type Message = Readonly<Record<string, unknown>>;

const PLAIN = ["stop", { content: "Hello, this is an answer." }] as const;
const CALL = { id: "call00001", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } };
const THOUGHT = { type: "thinking", thinking: [{ type: "text", text: "Let me think." }] };

const ANSWERS: Readonly<Record<Scenario, readonly [finishReason: string, message: Message]>> = {
  plain: PLAIN,
  tool: ["tool_calls", { content: "", tool_calls: [CALL] }],
  refusal: ["stop", { content: "I'm sorry, but I can't help with that request." }],
  thinking: ["stop", { content: [THOUGHT, { type: "text", text: "42" }] }],
  length: ["model_length", { content: "Hello, this is" }],
  ...{ broken: PLAIN, cut: PLAIN, overloaded: PLAIN },
};

const USAGE = {
  prompt_tokens: 18,
  completion_tokens: 9,
  total_tokens: 27,
  prompt_tokens_details: { cached_tokens: 3 },
};

const envelope = (model: string, object: string) => ({ id: "cmpl_01", object, created: 1_763_000_000, model });

const whole = (model: string, scenario: Scenario): object => {
  const [finish_reason, message] = ANSWERS[scenario];
  const choice = { index: 0, message: { role: "assistant", tool_calls: null, ...message }, finish_reason };
  return { ...envelope(model, "chat.completion"), choices: [choice], usage: USAGE };
};

/** Mistral sends text in pieces, structured content block by block, and tool calls whole. */
const deltas = ({ content, tool_calls }: Message): readonly Message[] => {
  if (tool_calls) return [{ content: "", tool_calls }];
  if (Array.isArray(content)) {
    return content.map((block) => ({ content: block.type === "text" ? block.text : [block] }));
  }
  const text = String(content);
  return [{ content: text.slice(0, text.length / 2) }, { content: text.slice(text.length / 2) }];
};

const chunks = (model: string, scenario: Scenario): readonly string[] => {
  const [finish_reason, message] = ANSWERS[scenario];
  const all = [{ role: "assistant", content: "" }, ...deltas(message)];
  const events = all.map((delta, at) => {
    const last = at === all.length - 1;
    const choice = { index: 0, delta, finish_reason: last ? finish_reason : null };
    return { ...envelope(model, "chat.completion.chunk"), choices: [choice], ...(last && { usage: USAGE }) };
  });
  const failed = { object: "error", message: "Service unavailable", type: "internal_server_error", code: "3000" };
  const kept = scenario === "broken" ? [...events.slice(0, 2), failed] : events;
  return [...kept.map((event) => `data: ${JSON.stringify(event)}\n\n`), "data: [DONE]\n\n"];
};

const refuse = (status: number, type: string): Reply =>
  jsonReply(status, { object: "error", message: "refused", type, param: null, code: "1000" });

const answer = ({ method, path, headers, body: text }: ReceivedRequest): Reply => {
  const fim = path === "/v1/fim/completions";
  if (method !== "POST" || !(fim || path === "/v1/chat/completions")) return refuse(404, "not_found");
  if (!headers.authorization?.startsWith("Bearer ")) return refuse(401, "unauthorized");
  const body = JSON.parse(text);
  if (unknownMembers(body, fim ? FIM_MEMBERS : CHAT_MEMBERS).length > 0) return refuse(422, "extra_forbidden");
  if (!(fim ? typeof body.prompt === "string" : Array.isArray(body.messages))) return refuse(422, "missing");
  const scenario = scenarioOf(body.model);
  if (scenario === "overloaded") return refuse(429, "rate_limited");
  const stream = {
    status: 200,
    headers: { "content-type": "text/event-stream" },
    pieces: chunks(body.model, scenario),
  };
  const reply = body.stream ? stream : jsonReply(200, whole(body.model, scenario));
  return scenario === "cut" ? cutReply(reply) : reply;
};

/** Starts a double of Mistral's chat and fill-in-the-middle APIs. SDK option: `serverURL: url`. */
export const startMistralDouble = (): Promise<ProviderDouble> => startDouble(answer);
