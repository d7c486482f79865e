import { endingOf, event, events, failureOf, json, type ProviderRequest, RETRY_NOW, type WireFormat } from "./reply.ts";

/** The text every double answers with: 39 characters. */
export const TEXT = "The parcel arrives on Monday, as I said";

const JSON_TEXT = '{"day":"Monday"}';
const REFUSAL = "I cannot help with that.";
const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const TOOL_CALL = { id: "call_1", type: "function", function: { name: "get_day", arguments: '{"parcel":"1042"}' } };

const textOf = (model: string): string => (model.includes("json") ? JSON_TEXT : TEXT);

const finishOf = (model: string): string =>
  model.includes("tool") ? "tool_calls" : model.includes("length") ? "length" : "stop";

const pieces = (text: string): string[] => text.match(/.{1,6}/gs) ?? [];

/** `once-…` leaves it to the SDK how long to wait. */
const failure = (status: number, model: string) => {
  const wish = model.includes("once") ? {} : RETRY_NOW;
  return json({ error: { message: `failed by design: ${status}`, type: "by_design", code: null } }, status, wish);
};

const chatBody = (model: string) => {
  const message = model.includes("refusal")
    ? { role: "assistant", content: null, refusal: REFUSAL }
    : model.includes("tool")
      ? { role: "assistant", content: null, refusal: null, tool_calls: [TOOL_CALL] }
      : { role: "assistant", content: textOf(model), refusal: null };
  return {
    ...{ id: `chatcmpl-${model}`, object: "chat.completion", created: 1_700_000_000, model: `${model}-2026` },
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(model) }],
    ...{ usage: USAGE, system_fingerprint: "fp_1" },
  };
};

const chatDeltas = (model: string): object[] => {
  if (model.includes("refusal")) return pieces(REFUSAL).map((refusal) => ({ refusal }));
  if (!model.includes("tool")) return pieces(textOf(model)).map((content) => ({ content }));
  const { id, type, function: called } = TOOL_CALL;
  return [
    { tool_calls: [{ index: 0, id, type, function: { name: called.name, arguments: "" } }] },
    ...pieces(called.arguments).map((text) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
  ];
};

const chatStream = (model: string, request: ProviderRequest) => {
  const withUsage = Object(request.body.stream_options).include_usage === true;
  const head = { id: `chatcmpl-${model}`, object: "chat.completion.chunk", created: 1_700_000_000 };
  const chunk = (choices: object[], usage: object | null = null) =>
    event({ ...head, model: `${model}-2026`, system_fingerprint: "fp_1", choices, ...(withUsage && { usage }) });
  const choice = (delta: object, finish_reason: string | null) => [{ index: 0, delta, logprobs: null, finish_reason }];
  const said = [
    chunk(choice({ role: "assistant", content: model.includes("tool") ? null : "" }, null)),
    ...chatDeltas(model).map((delta) => chunk(choice(delta, null))),
  ];
  const ending = endingOf(model);
  // In one piece: an app that aborts still sees what had already arrived, which must not be up to the network.
  if (model.includes("abort")) return events([said.slice(0, -1).join("")], ending);
  if (ending !== "end") return events(said.slice(0, -1), ending);
  const last = [chunk(choice({}, finishOf(model))), ...(withUsage ? [chunk([], USAGE)] : []), event("[DONE]")];
  return events([...said, ...last]);
};

const responseItem = (model: string): object => {
  if (model.includes("tool")) {
    const { name, arguments: args } = TOOL_CALL.function;
    return { id: "fc_1", type: "function_call", status: "completed", call_id: "call_1", name, arguments: args };
  }
  const content = model.includes("refusal")
    ? { type: "refusal", refusal: REFUSAL }
    : { type: "output_text", text: textOf(model), annotations: [], logprobs: [] };
  return { id: "msg_1", type: "message", status: "completed", role: "assistant", content: [content] };
};

const responseBody = (model: string, status = "completed", output: object[] = [responseItem(model)]) => ({
  ...{ id: `resp_${model}`, object: "response", created_at: 1_700_000_000, status, error: null },
  ...{ incomplete_details: null, instructions: null, max_output_tokens: null, model: `${model}-2026`, output },
  ...{ parallel_tool_calls: true, previous_response_id: null, reasoning: { effort: null, summary: null } },
  ...{ store: true, temperature: 1, text: { format: { type: "text" } }, tool_choice: "auto", tools: [], top_p: 1 },
  ...{ truncation: "disabled", user: null, metadata: {} },
  usage:
    status === "completed"
      ? {
          ...{ input_tokens: 11, input_tokens_details: { cached_tokens: 4 } },
          ...{ output_tokens: 7, output_tokens_details: { reasoning_tokens: 3 }, total_tokens: 18 },
        }
      : null,
});

const responseStream = (model: string) => {
  let sequence_number = 0;
  const named = (type: string, more: object) => {
    sequence_number += 1;
    return event({ type, sequence_number, ...more }, type);
  };
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
  const empty = { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] };
  const said = [
    named("response.created", { response: responseBody(model, "in_progress", []) }),
    named("response.in_progress", { response: responseBody(model, "in_progress", []) }),
    named("response.output_item.added", { output_index: 0, item: empty }),
    named("response.content_part.added", { ...at, part: part("") }),
    ...pieces(textOf(model)).map((delta) => named("response.output_text.delta", { ...at, delta, logprobs: [] })),
  ];
  const ending = endingOf(model);
  if (ending !== "end") return events(said, ending);
  return events([
    ...said,
    named("response.output_text.done", { ...at, text: textOf(model), logprobs: [] }),
    named("response.content_part.done", { ...at, part: part(textOf(model)) }),
    named("response.output_item.done", { output_index: 0, item: responseItem(model) }),
    named("response.completed", { response: responseBody(model) }),
  ]);
};

const embeddingsBody = (model: string, { body }: ProviderRequest) => {
  const embedding =
    body.encoding_format === "base64"
      ? Buffer.from(Float32Array.of(0.5, -0.25).buffer).toString("base64")
      : [0.5, -0.25];
  const usage = { prompt_tokens: 11, total_tokens: 11 };
  return { object: "list", data: [{ object: "embedding", index: 0, embedding }], model: `${model}-2026`, usage };
};

const completionBody = (model: string) => ({
  ...{ id: `cmpl-${model}`, object: "text_completion", created: 1_700_000_000, model: `${model}-2026` },
  choices: [{ index: 0, text: TEXT, logprobs: null, finish_reason: "stop" }],
  usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
});

const PATHS = /^(?:\/v1)?\/(chat\/completions|responses|embeddings|completions)$/;

/** OpenAI's API: chat completions, responses, embeddings and the legacy completions. */
export const openaiFormat: WireFormat = {
  modelOf: (method, path, body) =>
    method === "POST" && PATHS.test(path) && typeof body.model === "string" ? body.model : null,
  answer: (model, request) => {
    const status = failureOf(model, request.attempt);
    if (status !== null) return failure(status, model);
    if (model.includes("no-answer")) return { ...json({}), pieces: [], ending: "hang" };
    const streamed = request.body.stream === true;
    switch (PATHS.exec(request.path)?.[1]) {
      case "responses":
        return streamed ? responseStream(model) : json(responseBody(model));
      case "embeddings":
        return json(embeddingsBody(model, request));
      case "completions":
        return json(completionBody(model));
      default:
        return streamed ? chatStream(model, request) : json(chatBody(model));
    }
  },
};
