import type { WireFormat } from "../providers/wire-format.ts";
import { wireFormatOf } from "../providers/wire-formats.ts";

/** A request that looks like a model call by its URL and method. */
export interface MatchedRequest {
  readonly format: WireFormat;
  readonly url: URL;
  /** The body's text where it is at hand, a promise of it for a Request object. */
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

const bodyText = (input: unknown, init: RequestInit | undefined): string | Promise<string> | null => {
  const body = init?.body;
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  if (body instanceof ArrayBuffer) return new TextDecoder().decode(body);
  // Some SDKs (Mistral's) pass a finished Request. Its body is the app's own text; a clone leaves it to be sent.
  if (body == null && input instanceof Request && input.body !== null && !input.bodyUsed) return input.clone().text();
  return null;
};

const isPost = (input: unknown, init: RequestInit | undefined): boolean =>
  (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase() === "POST";

/**
 * Recognises a model call by method and path, whatever the host, because every provider is also reached through
 * proxies. Null for everything else.
 */
export const matchRequest = (input: unknown, init: RequestInit | undefined): MatchedRequest | null => {
  if (!isPost(input, init)) return null;
  const url = URL.parse(urlText(input));
  const format = url && wireFormatOf(url);
  if (!format) return null;
  const body = bodyText(input, init);
  if (body === null) return null;
  const request = input instanceof Request ? input : null;
  const given = init?.headers ?? request?.headers;
  // They are only looked at, and at once: a copy would cost more than the rest.
  const headers = given instanceof Headers ? given : new Headers(given);
  return {
    format,
    url,
    body,
    headers,
    givenHeaders: init?.headers ?? null,
    signal: init?.signal ?? request?.signal ?? null,
  };
};
