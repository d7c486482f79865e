import type { WireFormat } from "../../formats/wire/wire-format.ts";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";
import { unpackedText } from "./unpacked-text.ts";
import { watchedBytes } from "./watched-bytes.ts";

/** Where model calls are sent, and the format of the requests there. */
export interface Target {
  readonly url: URL;
  readonly format: WireFormat;
}

/** A request that looks like a model call by its URL and method. */
export interface MatchedRequest extends Target {
  /** The body's text where it is at hand, a promise of it where it has to be read or unpacked. */
  readonly body: string | Promise<string>;
  readonly headers: Headers;
  /** The object the app's SDK gave the headers in, to be compared by identity; null without one. */
  readonly givenHeaders: object | null;
  readonly signal: AbortSignal | null;
}

const urlText = (input: unknown): string => {
  if (typeof input === "string") return input;
  return input instanceof URL ? input.href : input instanceof Request ? input.url : "";
};

const bodyText = (
  input: unknown,
  init: RequestInit | undefined,
  encodingOf: () => string,
): string | Promise<string> | null => {
  const body: unknown = init?.body;
  if (typeof body === "string") return body;
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return unpackedText(body, encodingOf());
  if (body instanceof Blob) return body.arrayBuffer().then((bytes) => unpackedText(bytes, encodingOf()));
  if (body instanceof ReadableStream && !body.locked) {
    return watchedBytes(body).then((bytes) => unpackedText(bytes, encodingOf()));
  }
  // Some SDKs (Mistral's) pass a finished Request. Its body is the app's own text; a clone leaves it to be sent.
  if (body == null && input instanceof Request && input.body !== null && !input.bodyUsed) return input.clone().text();
  return null;
};

const isPost = (input: unknown, init: RequestInit | undefined): boolean =>
  (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase() === "POST";

/** Reads URLs; null where no model calls are sent. The latest one is remembered: an app that calls a model nearly always calls the same one again. */
export const createTargets = (): ((text: string) => Target | null) => {
  let latestText = "";
  let latest: Target | null = null;
  return (text) => {
    if (text === latestText) return latest;
    const url = URL.parse(text);
    const format = url && wireFormatOf(url);
    latest = url && format ? { url, format } : null;
    latestText = text;
    return latest;
  };
};

/** What a request asks of a model; null for a request that is no model call. */
export type RequestMatcher = (input: unknown, init: RequestInit | undefined) => MatchedRequest | null;

/**
 * Recognises a model call by method and path, whatever the host, because every provider is also reached through
 * proxies.
 */
export const createRequestMatcher = (): RequestMatcher => {
  const targetOf = createTargets();
  return (input, init) => {
    if (!isPost(input, init)) return null;
    const target = targetOf(urlText(input));
    if (target === null) return null;
    const request = input instanceof Request ? input : null;
    const given = init?.headers ?? request?.headers;
    // They are only looked at, and at once: a copy would cost more than the rest.
    const headers = given instanceof Headers ? given : new Headers(given);
    const body = bodyText(input, init, () => headers.get("content-encoding") ?? "");
    if (body === null) return null;
    return {
      ...target,
      body,
      headers,
      givenHeaders: init?.headers ?? null,
      signal: init?.signal ?? request?.signal ?? null,
    };
  };
};
