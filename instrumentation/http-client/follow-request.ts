import { AsyncLocalStorage } from "node:async_hooks";
import type { ClientRequest, IncomingMessage } from "node:http";
import { textOf } from "../../formats/json/read-json.ts";
import type { CallObserver } from "../fetch/call-observer.ts";
import { CollectedBytes } from "../fetch/collected-bytes.ts";
import type { Target } from "../fetch/match-request.ts";
import type { ModelCall } from "../fetch/model-call.ts";
import { requestText } from "../fetch/unpacked-text.ts";
import { Failure } from "./failure.ts";
import { followResponse } from "./follow-response.ts";
import { tellBefore } from "./tell-before.ts";

/** Headers of node:http, in the form fetch has them. */
const headersOf = (given: Readonly<Record<string, unknown>>): Headers => {
  const headers = new Headers();
  for (const name in given) {
    const value = given[name];
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : String(value));
  }
  return headers;
};

const isRedirect = ({ statusCode = 0, headers }: IncomingMessage): boolean =>
  statusCode >= 300 && statusCode < 400 && headers.location !== undefined;

/** One request of node:http or node:https, from its making to its answer. */
class FollowedRequest {
  readonly #request: ClientRequest;
  readonly #target: Target;
  readonly #observer: CallObserver;
  readonly #failure = new Failure();
  /** The call belongs to where the app made the request; it may end it from anywhere. */
  readonly #inContext: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
  #body: CollectedBytes | null = new CollectedBytes();
  #call: ModelCall | null = null;
  #isAnswered = false;

  constructor(request: ClientRequest, target: Target, observer: CallObserver) {
    this.#request = request;
    this.#target = target;
    this.#observer = observer;
  }

  readonly wrote = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === "string") this.#body?.take(Buffer.from(chunk, (textOf(encoding) || "utf8") as BufferEncoding));
    else if (chunk instanceof Uint8Array) this.#body?.take(chunk);
  };

  /** The last of the body is here, and about to be sent. */
  readonly ended = (chunk: unknown, encoding: unknown): void => {
    this.wrote(chunk, encoding);
    const bytes = this.#body?.bytes() ?? null;
    this.#body = null;
    if (bytes !== null) this.#call = this.#inContext(() => this.#begin(bytes));
  };

  readonly happened = (event: unknown, value: unknown): void => {
    if (event === "response") this.#answered(value as IncomingMessage);
    else if (event === "timeout") this.#failure.timedOut();
    else if (event === "error" && !this.#isAnswered) this.#call?.failed(this.#failure.of(value));
    // A request that was given up may end without an error.
    else if (event === "close" && !this.#isAnswered) this.#call?.failed(this.#failure.of(null));
  };

  readonly destroyed = (reason: unknown): void => this.#failure.destroyed(reason);

  #begin(bytes: Uint8Array): ModelCall | null {
    const headers = headersOf(this.#request.getHeaders());
    const body = requestText(bytes, headers.get("content-encoding") ?? "");
    return this.#observer.begin({ ...this.#target, body, headers, givenHeaders: null, signal: null });
  }

  #answered(response: IncomingMessage): void {
    this.#isAnswered = true;
    const call = this.#call;
    // Whoever follows a redirect makes another request, which is the call.
    if (call === null || isRedirect(response)) return;
    const { statusCode: status = 0, headers } = response;
    if (status < 200 || status > 299) {
      const refusal = call.refused(status, headersOf(headers), textOf(headers["content-encoding"]));
      followResponse(response, refusal, { failure: this.#failure, guard: this.#observer.guard });
      return;
    }
    const { "content-type": type, "content-encoding": encoding } = headers;
    const told = call.receiving(status, type ?? null, response, textOf(encoding));
    followResponse(response, told, { failure: this.#failure, guard: this.#observer.guard });
  }
}

/**
 * Follows a request that has just been made and may be a model call. What is replaced are members of this one object: what
 * the app writes, what Node tells of it, and who ends it. No listener is added: one for the response would keep Node from
 * throwing it away, one for errors would hide them.
 */
export const followRequest = (request: ClientRequest, target: Target, observer: CallObserver): void => {
  const { guard } = observer;
  const followed = new FollowedRequest(request, target, observer);
  tellBefore(request, {
    write: (chunk, encoding) => guard(followed.wrote, chunk, encoding),
    end: (chunk, encoding) => guard(followed.ended, chunk, encoding),
    emit: (event, value) => guard(followed.happened, event, value),
    destroy: (reason) => guard(followed.destroyed, reason),
  });
};
