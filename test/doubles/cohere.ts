import {
  cutReply,
  jsonReply,
  type ProviderDouble,
  type ReceivedRequest,
  type Reply,
  refusingFlaky,
  type Scenario,
  scenarioOf,
  startDouble,
  unknownMembers,
} from "./provider-double.ts";

const MEMBERS = [
  ...["model", "messages", "stream", "tools", "strict_tools", "documents", "citation_options", "response_format"],
  ...["safety_mode", "max_tokens", "stop_sequences", "temperature", "seed", "frequency_penalty", "presence_penalty"],
  ...["k", "p", "logprobs", "tool_choice", "thinking", "priority", "raw_prompting"],
];

interface Message {
  readonly finish: string;
  readonly thinking?: string;
  readonly text?: string;
  readonly plan?: string;
  readonly call?: { readonly name: string; readonly arguments: string };
}

const PLAIN: Message = { finish: "COMPLETE", text: "Hello, this is an answer." };

const ANSWERS: Readonly<Record<Scenario, Message>> = {
  plain: PLAIN,
  tool: { finish: "TOOL_CALL", plan: "I will look.", call: { name: "get_weather", arguments: '{"city":"Oslo"}' } },
  refusal: { finish: "COMPLETE", text: "I'm sorry, but I can't help with that request." },
  thinking: { finish: "COMPLETE", thinking: "Let me think.", text: "42" },
  length: { finish: "MAX_TOKENS", text: "Hello, this is" },
  ...{ broken: PLAIN, cut: PLAIN, overloaded: PLAIN },
};

const USAGE = {
  billed_units: { input_tokens: 18, output_tokens: 9 },
  tokens: { input_tokens: 520, output_tokens: 12 },
  cached_tokens: 3,
};

const toolCall = (call: NonNullable<Message["call"]>) => ({ id: "call_1", type: "function", function: call });

const whole = (scenario: Scenario): object => {
  const { finish, thinking, text, plan, call } = ANSWERS[scenario];
  const content = [
    ...(thinking === undefined ? [] : [{ type: "thinking", thinking }]),
    ...(text === undefined ? [] : [{ type: "text", text }]),
  ];
  const message = {
    role: "assistant",
    ...(plan !== undefined && { tool_plan: plan }),
    ...(call && { tool_calls: [toolCall(call)] }),
    ...(content.length > 0 && { content }),
  };
  return { id: "co_01", finish_reason: finish, message, usage: USAGE };
};

const halves = (text: string): readonly string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

const contentEvents = (index: number, type: "text" | "thinking", value: string): readonly object[] => [
  { type: "content-start", index, delta: { message: { content: { type, [type]: "" } } } },
  ...halves(value).map((half) => ({
    type: "content-delta",
    index,
    delta: { message: { content: { [type]: half } } },
  })),
  { type: "content-end", index },
];

const toolEvents = ({ name, arguments: text }: NonNullable<Message["call"]>): readonly object[] => {
  const started = toolCall({ name, arguments: "" });
  return [
    { type: "tool-call-start", index: 0, delta: { message: { tool_calls: started } } },
    ...halves(text).map((half) => ({
      type: "tool-call-delta",
      index: 0,
      delta: { message: { tool_calls: { function: { arguments: half } } } },
    })),
    { type: "tool-call-end", index: 0 },
  ];
};

const events = (scenario: Scenario): readonly object[] => {
  const { finish, thinking, text, plan, call } = ANSWERS[scenario];
  const start = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  const body = [
    { type: "message-start", id: "co_01", delta: { message: start } },
    ...(plan === undefined ? [] : [{ type: "tool-plan-delta", delta: { message: { tool_plan: plan } } }]),
    ...(thinking === undefined ? [] : contentEvents(0, "thinking", thinking)),
    ...(text === undefined ? [] : contentEvents(thinking === undefined ? 0 : 1, "text", text)),
    ...(call ? toolEvents(call) : []),
  ];
  if (scenario !== "broken") return [...body, { type: "message-end", delta: { finish_reason: finish, usage: USAGE } }];
  const failed = { finish_reason: "ERROR", error: "internal failure", usage: USAGE };
  return [...body.slice(0, 3), { type: "message-end", delta: failed }];
};

const refuse = (status: number, message: string): Reply => jsonReply(status, { id: "err_1", message });

const answer = ({ method, path, headers, body: text }: ReceivedRequest): Reply => {
  if (method !== "POST" || path !== "/v2/chat") return refuse(404, "not found");
  if (!headers.authorization?.startsWith("Bearer ")) return refuse(401, "no api key supplied");
  const body = JSON.parse(text);
  const unknown = unknownMembers(body, MEMBERS);
  if (unknown.length > 0) return refuse(422, `unknown field: ${unknown}`);
  if (!Array.isArray(body.messages)) return refuse(400, "messages must be at least 1 entry long");
  const scenario = scenarioOf(body.model);
  // 4xx, because the SDK waits for seconds before it tries a 5xx again.
  if (scenario === "overloaded") return refuse(498, "overloaded");
  const pieces = events(scenario).map(
    (data) => `event: ${Reflect.get(data, "type")}\ndata: ${JSON.stringify(data)}\n\n`,
  );
  const stream = { status: 200, headers: { "content-type": "text/event-stream" }, pieces };
  const reply = body.stream ? stream : jsonReply(200, whole(scenario));
  return scenario === "cut" ? cutReply(reply) : reply;
};

/** Starts a double of Cohere's v2 chat API. SDK option: `environment: url`. */
export const startCohereDouble = (): Promise<ProviderDouble> =>
  startDouble(refusingFlaky(answer, refuse(503, "try again")));
