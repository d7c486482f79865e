import { types } from "node:util";
import { isRecord } from "../../features/is-record.ts";
import { objectOf, textOf } from "../../formats/json/read-json.ts";
import { bedrockConverse, bedrockInvoke } from "../../formats/wire/bedrock/bedrock.ts";
import type { BodyObserver } from "../fetch/body-observer.ts";
import type { CallObserver } from "../fetch/call-observer.ts";
import type { ModelCall } from "../fetch/model-call.ts";
import { observeEvents } from "./observe-events.ts";

/** A middleware of the AWS SDK at its `build` step, in structure: the SDK is not a dependency. */
export type Middleware = (next: (args: unknown) => unknown) => (args: unknown) => unknown;

const encoder = new TextEncoder();

/** A piece of text, which nearly every event is: there are no bytes in it to look for. */
const isText = (event: Readonly<Record<string, unknown>>): boolean =>
  typeof objectOf(objectOf(event.contentBlockDelta).delta).text === "string";

/** Without bytes: images and documents would be written number by number. */
const withoutBytes = (_key: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? undefined : value);

const lineOf = (value: object): Uint8Array =>
  encoder.encode(`${JSON.stringify(value, isText({ ...value }) ? undefined : withoutBytes)}\n`);

const bodyText = (body: unknown): string | null => {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : null;
};

const urlOf = (request: Readonly<Record<string, unknown>>): URL | null => {
  const { protocol, hostname, port, path } = request;
  return URL.parse(`${protocol}//${hostname}${port ? `:${port}` : ""}${path}`);
};

/** Begins a call when `args` hold the finished request of one of Bedrock's model operations. */
const begin = (observer: CallObserver, args: unknown): ModelCall | null => {
  const request = objectOf(objectOf(args).request);
  const url = request.method === "POST" ? urlOf(request) : null;
  const format = url && [bedrockConverse, bedrockInvoke].find(({ matches }) => matches(url));
  const body = format ? bodyText(request.body) : null;
  if (!format || body === null) return null;
  return observer.begin({ format, url, body, headers: new Headers(), givenHeaders: null, signal: null });
};

/** The status and the number of attempts, where the SDK gives them: on outputs and on errors. */
const noteMetadata = (call: ModelCall, value: object): number | null => {
  const { httpStatusCode, attempts, totalRetryDelay } = objectOf(Reflect.get(value, "$metadata"));
  // Of a call that succeeded at once, the SDK leaves the delay out or says 0.
  const waitMs = typeof totalRetryDelay === "number" ? totalRetryDelay : attempts === 1 ? 0 : null;
  if (typeof attempts === "number") call.attempted(attempts, waitMs);
  return typeof httpStatusCode === "number" ? httpStatusCode : null;
};

const nameOf = (error: unknown, member: "name" | "message"): string =>
  error instanceof Error ? textOf(error[member]) : "";

const refused = (call: ModelCall, error: unknown): void => {
  const status = typeof error === "object" && error !== null ? noteMetadata(call, error) : null;
  if (status === null || status < 400) call.failed(error);
  else call.refused(status).chunk(JSON.stringify({ __type: nameOf(error, "name"), message: nameOf(error, "message") }));
};

/** Bytes of the model's own, or an event whose only news to a reader is where the bytes are. */
const chunkBytes = (event: unknown): Uint8Array | null => {
  const { bytes } = objectOf(objectOf(event).chunk);
  return bytes instanceof Uint8Array ? bytes : null;
};

const watchStream = (told: BodyObserver, stream: object, output: object): void => {
  const newline = encoder.encode("\n");
  // The answer's id is in no event.
  let more: object | null = { $metadata: Reflect.get(output, "$metadata") };
  const event = (value: unknown): void => {
    const bytes = chunkBytes(value);
    if (bytes === null) told.chunk(lineOf({ ...objectOf(value), ...more }));
    else told.chunk(Buffer.concat([bytes, newline]));
    more = null;
  };
  observeEvents(stream, {
    event,
    reading: () => told.reading(),
    end: () => told.end(),
    fail: (error) => told.fail(error),
    cancel: () => told.cancel(),
  });
};

const answered = (call: ModelCall, output: object): void => {
  const status = noteMetadata(call, output) ?? 200;
  const { stream, body } = output as { readonly stream?: unknown; readonly body?: unknown };
  const events = stream ?? body;
  if (isRecord(events) && Symbol.asyncIterator in events) {
    watchStream(call.receiving(status, "application/x-ndjson", events), events, output);
    return;
  }
  const told = call.receiving(status, "application/json");
  told.chunk(body instanceof Uint8Array ? body : lineOf(output));
  told.end();
};

/**
 * The middleware that follows Bedrock's model operations: around the SDK's retries, so that all attempts are one call,
 * and on the request as it is sent. Results, streams and errors stay the objects they are.
 */
export const createBedrockMiddleware =
  (observer: CallObserver): Middleware =>
  (next) =>
  (args) => {
    const { attempt, guard } = observer;
    const call = attempt(() => begin(observer, args), null);
    if (call === null) return next(args);
    const result = observer.inside(() => next(args));
    if (!types.isPromise(result)) return result;
    return result.then(
      (done: unknown) => {
        guard(() => {
          const { output } = objectOf(done);
          if (typeof output === "object" && output !== null) answered(call, output);
        });
        return done;
      },
      (error: unknown) => {
        guard(() => refused(call, error));
        throw error;
      },
    );
  };
