import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { bearerToken } from "../http/is-authorised.ts";
import { startListening } from "../http/start-listening.ts";
import { type Answer, composeAnswer } from "./provider/answer.ts";
import { type Behaviour, behaviourTo, type Draw, drawCall, drawWords } from "./provider/behaviour.ts";
import { type ChatRequest, type Refused, readChatRequest } from "./provider/chat-request.ts";
import { createRandom, type Random } from "./provider/random.ts";
import { completionBody, type Envelope, errorBody, streamEvents } from "./provider/wire.ts";

/**
 * How one request ended: `ok`; `refused`, `truncated` or `malformed` (a broken tool call, a fenced answer) for answers
 * that are worse by design; `failed` for errors by design; `rejected` for requests that break the API's rules;
 * `closed` when the client went away first.
 */
export type RequestOutcome = "ok" | "refused" | "truncated" | "malformed" | "failed" | "rejected" | "closed";

/** One request the provider has answered. */
export interface RequestRecord {
  /** Empty when the request was rejected before its model was known. */
  readonly model: string;
  /** Epoch ms: when the headers had arrived, when the last byte was handed over. */
  readonly start: number;
  readonly end: number;
  readonly streamed: boolean;
  /** HTTP status; 0 where none was sent. */
  readonly status: number;
  readonly outcome: RequestOutcome;
}

/** A provider on loopback that speaks OpenAI's chat completions. */
export interface FakeProvider {
  /** Base URL for the `openai` SDK, e.g. `http://127.0.0.1:41234/v1`. */
  readonly url: string;
  /** Changes or adds a model, for requests that arrive from now on. */
  readonly set: (model: string, behaviour: Behaviour) => void;
  /** Finished requests, in the order they ended. */
  readonly requests: () => readonly RequestRecord[];
  /** Stops listening and breaks what is still open. */
  readonly close: () => Promise<void>;
}

/** Settings of `startFakeProvider`. */
export interface FakeProviderSettings {
  /** Default 0: a free port. */
  readonly port?: number;
  readonly models: Readonly<Record<string, Behaviour>>;
  /** Same seed and same order of requests per model: same behaviour. */
  readonly seed: number;
  /** Epoch ms; default Date.now. */
  readonly now?: () => number;
}

interface Model {
  behaviour: Behaviour;
  readonly random: Random;
}

interface Call {
  readonly request: ChatRequest;
  readonly envelope: Envelope;
  readonly draw: Draw;
  readonly answer: Answer;
  readonly response: ServerResponse;
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const readBody = async (incoming: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

const refusedBeforeReading = (incoming: IncomingMessage): Refused | null => {
  const { method, url, headers } = incoming;
  if (method !== "POST" || new URL(url ?? "/", "http://x").pathname !== "/v1/chat/completions") {
    return { status: 404, message: `Invalid URL (${method} ${url})`, param: null, code: "unknown_url" };
  }
  if (bearerToken(headers.authorization) !== null) return null;
  return { status: 401, message: "You didn't provide an API key.", param: null, code: null };
};

const sendError = (response: ServerResponse, status: number, detail?: Refused): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(errorBody(status, detail));
};

const sendPlain = async ({ request, envelope, draw, answer, response }: Call): Promise<void> => {
  await later(draw.latencyMs);
  if (response.destroyed) return;
  const body = completionBody(envelope, request, answer);
  response.writeHead(200, { "content-type": "application/json", "x-request-id": envelope.id });
  if (draw.failure !== "cut") {
    response.end(body);
    return;
  }
  response.write(body.slice(0, body.length / 2));
  await later(1);
  response.destroy();
};

const sendStream = async ({ request, envelope, draw, answer, response }: Call): Promise<void> => {
  const events = streamEvents(envelope, request, answer);
  const kept = draw.failure === "cut" ? events.slice(0, events.length / 2) : events;
  await later(draw.latencyMs / 3);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-request-id": envelope.id });
  for (const event of kept) {
    if (response.destroyed) return;
    response.write(event);
    await later((draw.latencyMs * 2) / 3 / events.length);
  }
  if (draw.failure === "cut") response.destroy();
  else response.end();
};

const outcomeOf = (draw: Draw, answer: Answer): RequestOutcome => {
  if (draw.failure !== null) return "failed";
  if (draw.refusal) return "refused";
  if (draw.truncated) return "truncated";
  return draw.fence || (draw.brokenTool && answer.toolCalls.length > 0) ? "malformed" : "ok";
};

const send = async (call: Call): Promise<void> => {
  const { draw, request, response } = call;
  if (draw.failure === "hang") await once(response, "close");
  else if (typeof draw.failure === "number") {
    await later(draw.latencyMs / 3);
    sendError(response, draw.failure);
  } else if (request.stream) await sendStream(call);
  else await sendPlain(call);
};

/** Answers one request and says how it ended. */
const answerRequest = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  models: ReadonlyMap<string, Model>,
  envelopeFor: (model: string, behaviour: Behaviour) => Envelope,
): Promise<Pick<RequestRecord, "model" | "streamed" | "outcome">> => {
  const text = await readBody(incoming);
  const request = refusedBeforeReading(incoming) ?? readChatRequest(text);
  if ("status" in request) {
    sendError(response, request.status, request);
    return { model: "", streamed: false, outcome: "rejected" };
  }
  const { model: name, stream: streamed = false } = request;
  const model = models.get(name);
  if (model === undefined) {
    sendError(response, 404);
    return { model: name, streamed, outcome: "rejected" };
  }
  const messages = JSON.stringify(request.messages);
  const behaviour = behaviourTo(model.behaviour, messages);
  const drawn = drawCall(behaviour, model.random);
  const steady = behaviour.isSteady ? createRandom(0, messages) : null;
  const draw = steady === null ? drawn : { ...drawn, words: drawWords(behaviour, steady) };
  const answer = composeAnswer(request, behaviour, draw, steady ?? model.random);
  let closed = false;
  response.once("close", () => {
    closed = !response.writableFinished;
  });
  await send({ request, envelope: envelopeFor(name, model.behaviour), draw, answer, response });
  return { model: name, streamed, outcome: closed && draw.failure === null ? "closed" : outcomeOf(draw, answer) };
};

const stop = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
};

/**
 * Starts a provider on 127.0.0.1 that checks requests as strictly as OpenAI's API and answers them, streamed or not,
 * with the latency and the failures of the model's behaviour.
 */
export const startFakeProvider = async (settings: FakeProviderSettings): Promise<FakeProvider> => {
  const now = settings.now ?? Date.now;
  const models = new Map<string, Model>();
  const set = (name: string, behaviour: Behaviour): void => {
    const known = models.get(name);
    if (known) known.behaviour = behaviour;
    else models.set(name, { behaviour, random: createRandom(settings.seed, name) });
  };
  for (const [name, behaviour] of Object.entries(settings.models)) set(name, behaviour);
  const records: RequestRecord[] = [];
  let served = 0;
  const envelopeFor = (model: string, behaviour: Behaviour): Envelope => {
    served += 1;
    const id = `chatcmpl-${settings.seed}-${served}`;
    const fingerprint = behaviour.fingerprint ?? `fp_${model}`;
    return { id, created: Math.floor(now() / 1000), model, system_fingerprint: fingerprint };
  };
  const server = createServer((incoming, response) => {
    const start = now();
    answerRequest(incoming, response, models, envelopeFor).then(
      (ended) => records.push({ ...ended, start, end: now(), status: response.headersSent ? response.statusCode : 0 }),
      () => response.destroy(),
    );
  });
  const port = await startListening(server, { host: "127.0.0.1", port: settings.port ?? 0 });
  return { url: `http://127.0.0.1:${port}/v1`, set, requests: () => records, close: () => stop(server) };
};
