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
  ...["contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent"],
  ...["labels", "store", "serviceTier"],
];

type Part = Readonly<Record<string, unknown>>;

const ANSWERS: Readonly<Record<Scenario, readonly [finishReason: string, ...Part[]]>> = (() => {
  const plain = ["STOP", { text: "Hello, " }, { text: "this is an answer." }] as const;
  return {
    plain,
    tool: ["STOP", { text: "Let me look." }, { functionCall: { name: "get_weather", args: { city: "Oslo" } } }],
    refusal: ["SAFETY"],
    thinking: ["STOP", { text: "Let me think.", thought: true }, { text: "42", thoughtSignature: "c2ln" }],
    length: ["MAX_TOKENS", { text: "Hello, this is" }],
    ...{ broken: plain, cut: plain, overloaded: plain },
  };
})();

const usageOf = (scenario: Scenario) => ({
  promptTokenCount: 18,
  candidatesTokenCount: 9,
  totalTokenCount: scenario === "thinking" ? 32 : 27,
  cachedContentTokenCount: 3,
  ...(scenario === "thinking" && { thoughtsTokenCount: 5 }),
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 18 }],
});

const error = (code: number, status: string, message: string) => ({ error: { code, message, status } });

const chunkOf = (model: string, parts: readonly Part[], more: object, usage: object): object => ({
  candidates: [
    { ...(parts.length > 0 && { content: { parts, role: "model" } }), index: 0, safetyRatings: [], ...more },
  ],
  usageMetadata: usage,
  modelVersion: `${model}-001`,
  responseId: "resp_01",
});

const whole = (model: string, scenario: Scenario): object => {
  const [finishReason, ...parts] = ANSWERS[scenario];
  return chunkOf(model, parts, { finishReason }, usageOf(scenario));
};

const chunks = (model: string, scenario: Scenario): readonly object[] => {
  const [finishReason, ...parts] = ANSWERS[scenario];
  const running = parts.map((part) => chunkOf(model, [part], {}, { promptTokenCount: 18, totalTokenCount: 20 }));
  if (scenario === "broken") {
    return [...running.slice(0, 1), error(503, "UNAVAILABLE", "The model is overloaded.")];
  }
  return [...running, chunkOf(model, [{ text: "" }], { finishReason }, usageOf(scenario))];
};

const SSE = { "content-type": "text/event-stream" };

/** Without `alt=sse` the API streams one JSON array, piece by piece. */
const streamReply = (path: string, all: readonly object[]): Reply => {
  if (new URL(path, "http://x").searchParams.get("alt") === "sse") {
    return { status: 200, headers: SSE, pieces: all.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`) };
  }
  const pieces = all.map((chunk, index) => (index === 0 ? "[" : ",\r\n") + JSON.stringify(chunk, null, 2));
  return { status: 200, headers: { "content-type": "application/json; charset=UTF-8" }, pieces: [...pieces, "]"] };
};

const PATH = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

const answer = ({ method, path, headers, body: text }: ReceivedRequest): Reply => {
  const { pathname, searchParams } = new URL(path, "http://x");
  const [, model = "", operation] = PATH.exec(decodeURIComponent(pathname)) ?? [];
  if (method !== "POST" || model === "") return jsonReply(404, error(404, "NOT_FOUND", "Not found"));
  if (!(headers["x-goog-api-key"] || headers.authorization || searchParams.get("key"))) {
    return jsonReply(403, error(403, "PERMISSION_DENIED", "unregistered callers"));
  }
  const body = JSON.parse(text);
  const unknown = unknownMembers(body, MEMBERS);
  if (unknown.length > 0) return jsonReply(400, error(400, "INVALID_ARGUMENT", `Unknown name "${unknown}"`));
  if (typeof body.contents !== "object")
    return jsonReply(400, error(400, "INVALID_ARGUMENT", "contents is not specified"));
  const scenario = scenarioOf(model);
  if (scenario === "overloaded") return jsonReply(503, error(503, "UNAVAILABLE", "The model is overloaded."));
  const streamed = operation === "streamGenerateContent";
  const reply = streamed ? streamReply(path, chunks(model, scenario)) : jsonReply(200, whole(model, scenario));
  return scenario === "cut" ? cutReply(reply) : reply;
};

/** Starts a double of Gemini's API, also under Vertex AI's paths. SDK option: `httpOptions: { baseUrl: url }`. */
export const startGeminiDouble = (): Promise<ProviderDouble> =>
  startDouble(refusingFlaky(answer, jsonReply(503, error(503, "UNAVAILABLE", "try again"))));
