import { once } from "node:events";
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { anthropicMessage, anthropicStream } from "./anthropic.ts";
import { eventStreamMessage } from "./event-stream.ts";
import {
  type ProviderDouble,
  type ReceivedRequest,
  type Scenario,
  scenarioOf,
  unknownMembers,
} from "./provider-double.ts";

const MEMBERS = [
  ...["messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields"],
  ...["promptVariables", "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier"],
  ...["outputConfig"],
];

/** A reply over HTTP/2. */
interface BinaryReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Buffer)[];
  readonly cut?: boolean;
}

type Block = Readonly<Record<string, unknown>>;

const ANSWERS: Readonly<Record<Scenario, readonly [stopReason: string, ...Block[]]>> = (() => {
  const plain = ["end_turn", { text: "Hello, this is an answer." }] as const;
  const toolUse = { toolUseId: "tooluse_1", name: "get_weather", input: { city: "Oslo" } };
  const reasoning = { reasoningContent: { reasoningText: { text: "Let me think.", signature: "c2ln" } } };
  return {
    plain,
    tool: ["tool_use", { text: "Let me look." }, { toolUse }],
    refusal: ["guardrail_intervened", { text: "Blocked." }],
    thinking: ["end_turn", reasoning, { text: "42" }],
    length: ["max_tokens", { text: "Hello, this is" }],
    ...{ broken: plain, cut: plain, overloaded: plain },
  };
})();

const USAGE = { inputTokens: 11, outputTokens: 9, totalTokens: 27, cacheReadInputTokens: 3, cacheWriteInputTokens: 4 };

const error = (status: number, type: string, message: string): BinaryReply => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": type },
  pieces: [JSON.stringify({ message })],
});

const jsonReply = (body: unknown, headers: BinaryReply["headers"] = {}): BinaryReply => ({
  status: 200,
  headers: { "content-type": "application/json", ...headers },
  pieces: [JSON.stringify(body)],
});

const eventPiece = (type: string, payload: unknown): Buffer =>
  eventStreamMessage(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    JSON.stringify(payload),
  );

const OVERLOADED = eventStreamMessage(
  { ":exception-type": "throttlingException", ":content-type": "application/json", ":message-type": "exception" },
  JSON.stringify({ message: "Too many requests, please wait before trying again." }),
);

const streamReply = (events: readonly Buffer[], scenario: Scenario): BinaryReply => ({
  status: 200,
  headers: { "content-type": "application/vnd.amazon.eventstream" },
  pieces: scenario === "broken" ? [...events.slice(0, 3), OVERLOADED] : events,
});

const halves = (text: string): readonly string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

const deltasOf = (block: Block): readonly Block[] => {
  if (typeof block.text === "string") return halves(block.text).map((text) => ({ text }));
  if (block.toolUse) {
    return halves(JSON.stringify(Reflect.get(block.toolUse, "input"))).map((input) => ({ toolUse: { input } }));
  }
  return [{ reasoningContent: { text: "Let me think." } }, { reasoningContent: { signature: "c2ln" } }];
};

const blockEvents = (block: Block, contentBlockIndex: number): readonly Buffer[] => {
  const start = { toolUse: { toolUseId: "tooluse_1", name: "get_weather" } };
  return [
    ...(block.toolUse ? [eventPiece("contentBlockStart", { contentBlockIndex, start })] : []),
    ...deltasOf(block).map((delta) => eventPiece("contentBlockDelta", { contentBlockIndex, delta })),
    eventPiece("contentBlockStop", { contentBlockIndex }),
  ];
};

const converse = (scenario: Scenario): BinaryReply => {
  const [stopReason, ...content] = ANSWERS[scenario];
  const output = { message: { role: "assistant", content } };
  return jsonReply({ output, stopReason, usage: USAGE, metrics: { latencyMs: 5 } });
};

const converseStream = (scenario: Scenario): BinaryReply => {
  const [stopReason, ...content] = ANSWERS[scenario];
  const events = [
    eventPiece("messageStart", { role: "assistant" }),
    ...content.flatMap(blockEvents),
    eventPiece("messageStop", { stopReason }),
    eventPiece("metadata", { usage: USAGE, metrics: { latencyMs: 5 } }),
  ];
  return streamReply(events, scenario);
};

/** Amazon's Nova models answer in Converse's own shape; everything else here is one of Anthropic's. */
const isNova = (model: string): boolean => model.includes("amazon.nova");

const invoke = (model: string, scenario: Scenario): BinaryReply =>
  isNova(model)
    ? converse(scenario)
    : jsonReply(anthropicMessage(model, scenario), {
        "x-amzn-bedrock-input-token-count": "11",
        "x-amzn-bedrock-output-token-count": "9",
      });

const METRICS = { inputTokenCount: 11, outputTokenCount: 9, invocationLatency: 5, firstByteLatency: 1 };

const invokeStream = (model: string, scenario: Scenario): BinaryReply => {
  const chunks = anthropicStream(model, scenario).map((data) =>
    data.type === "message_stop" ? { ...data, "amazon-bedrock-invocationMetrics": METRICS } : data,
  );
  const events = chunks.map((data) =>
    eventPiece("chunk", { bytes: Buffer.from(JSON.stringify(data)).toString("base64") }),
  );
  return streamReply(events, scenario);
};

const OPERATIONS: Readonly<Record<string, (model: string, scenario: Scenario) => BinaryReply>> = {
  converse: (_model, scenario) => converse(scenario),
  "converse-stream": (_model, scenario) => converseStream(scenario),
  invoke,
  "invoke-with-response-stream": invokeStream,
};

const PATH = /^\/model\/([^/]+)\/([a-z-]+)$/;

const refused = (operation: string, { headers, body }: ReceivedRequest): BinaryReply | null => {
  if (!headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) {
    return error(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  if (!operation.startsWith("converse")) return null;
  const parsed = JSON.parse(body);
  const unknown = unknownMembers(parsed, MEMBERS);
  if (unknown.length > 0) return error(400, "ValidationException", `extraneous key [${unknown}] is not permitted`);
  return Array.isArray(parsed.messages) ? null : error(400, "ValidationException", "messages is required");
};

const cut = (reply: BinaryReply): BinaryReply => {
  const all = Buffer.concat(reply.pieces.map((piece) => Buffer.from(piece)));
  const some = reply.pieces.slice(0, Math.ceil(reply.pieces.length / 2));
  return { ...reply, pieces: some.length > 1 ? some : [all.subarray(0, all.length / 2)], cut: true };
};

const answer = (request: ReceivedRequest): BinaryReply => {
  const [, encoded = "", operation = ""] = PATH.exec(request.path) ?? [];
  const reply = OPERATIONS[operation];
  if (request.method !== "POST" || !reply) return error(404, "UnknownOperationException", "unknown operation");
  const model = decodeURIComponent(encoded);
  const scenario = scenarioOf(model);
  // `…-flaky` fails the first attempt of every call.
  if (model.endsWith("-flaky") && request.headers["amz-sdk-request"]?.startsWith("attempt=1")) {
    return error(503, "ServiceUnavailableException", "try again");
  }
  if (scenario === "overloaded") return error(429, "ThrottlingException", "Too many requests");
  const answered = refused(operation, request) ?? reply(model, scenario);
  return scenario === "cut" && answered.status === 200 ? cut(answered) : answered;
};

const receive = async (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const request = { method: named[":method"] ?? "", path: named[":path"] ?? "", headers: named };
  return { ...request, body: Buffer.concat(parts).toString("utf8") };
};

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const send = async (stream: ServerHttp2Stream, reply: BinaryReply): Promise<void> => {
  stream.respond({ ":status": reply.status, "x-amzn-requestid": "req-1", ...reply.headers });
  for (const piece of reply.pieces) {
    if (stream.destroyed) return;
    stream.write(piece);
    await soon();
  }
  if (reply.cut) stream.session?.destroy();
  else stream.end();
};

/**
 * Starts a double of Bedrock's runtime API: Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream
 * over HTTP/2, as the AWS SDK sends them. SDK options: `endpoint: url`, any credentials and region.
 */
export const startBedrockDouble = async (): Promise<ProviderDouble> => {
  const requests: ReceivedRequest[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    receive(stream, headers)
      .then((request) => {
        requests.push(request);
        return send(stream, answer(request));
      })
      .catch(() => stream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, requests, close };
};
