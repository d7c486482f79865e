import { AsyncLocalStorage } from "node:async_hooks";
import type { BodyObserver } from "../fetch/body-observer.ts";
import type { CallObserver } from "../fetch/call-observer.ts";
import { CollectedBytes } from "../fetch/collected-bytes.ts";
import type { Target } from "../fetch/match-request.ts";
import type { ModelCall } from "../fetch/model-call.ts";
import { requestText } from "../fetch/unpacked-text.ts";
import { undiciHeaders } from "./undici-headers.ts";

/** What undici tells of a request. */
export interface UndiciRequest {
  readonly method?: unknown;
  readonly origin?: unknown;
  readonly path?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/** What undici tells of an answer's beginning. */
export interface UndiciResponse {
  readonly statusCode: number;
  readonly headers: unknown;
}

/** Collaborators of a dispatch. */
export interface DispatchCollaborators {
  readonly observer: CallObserver;
  /** Told the host whose answer had a body that nothing was told of. */
  readonly unread: (host: string) => void;
}

const isRedirect = (status: number, headers: Headers): boolean =>
  status >= 300 && status < 400 && headers.has("location");

/** One request of undici that may be a model call, as its channels tell of it. */
export class FollowedDispatch {
  readonly #target: Target;
  readonly #observer: CallObserver;
  readonly #unread: (host: string) => void;
  readonly #headers: Headers;
  readonly #inContext: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
  #sent: CollectedBytes | null = new CollectedBytes();
  #call: ModelCall | null = null;
  #answer: { readonly status: number; readonly headers: Headers } | null = null;
  #told: BodyObserver | null = null;
  /** Of an error: nothing waits for it. */
  #refusal: BodyObserver | null = null;

  /** A body that is there as a whole begins the call at once. */
  constructor(request: UndiciRequest, target: Target, { observer, unread }: DispatchCollaborators) {
    this.#target = target;
    this.#observer = observer;
    this.#unread = unread;
    this.#headers = undiciHeaders(request.headers);
    if (!(request.body instanceof Uint8Array)) return;
    this.sent(request.body);
    this.sentAll();
  }

  sent(chunk: unknown): void {
    if (typeof chunk === "string") this.#sent?.take(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) this.#sent?.take(chunk);
  }

  sentAll(): void {
    const bytes = this.#sent?.bytes() ?? null;
    this.#sent = null;
    if (bytes === null) return;
    const headers = this.#headers;
    const body = requestText(bytes, headers.get("content-encoding") ?? "");
    this.#call = this.#inContext(() =>
      this.#observer.begin({ ...this.#target, body, headers, givenHeaders: null, signal: null }),
    );
  }

  answered({ statusCode: status, headers: given }: UndiciResponse): void {
    // A word in between, before the answer.
    if (status < 200) return;
    const headers = undiciHeaders(given);
    this.#answer = { status, headers };
    if (status < 300 || isRedirect(status, headers)) return;
    this.#refusal = this.#call?.refused(status, headers, headers.get("content-encoding") ?? "") ?? null;
    this.#call = null;
  }

  /** The first piece begins the body: older versions tell of none. */
  came(chunk: unknown): void {
    if (!(chunk instanceof Uint8Array) || this.#answer === null) return;
    this.#refusal?.chunk(chunk);
    if (this.#call === null) return;
    const { status, headers } = this.#answer;
    if (status >= 300) return;
    this.#told ??= this.#call.receiving(
      status,
      headers.get("content-type"),
      undefined,
      headers.get("content-encoding") ?? "",
    );
    this.#told.chunk(chunk);
    this.#told.reading();
  }

  ended(): void {
    if (this.#told !== null) this.#told.end();
    else if (this.#answer !== null && this.#answer.status < 300 && this.#call !== null) {
      this.#call.unread(this.#answer.status);
      if (this.#answer.headers.get("content-length") !== "0") this.#unread(this.#target.url.hostname);
    }
  }

  failed(error: unknown): void {
    if (this.#told !== null) this.#told.fail(error);
    else this.#call?.failed(error);
  }
}
