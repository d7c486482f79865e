import type { WireFormat } from "../../formats/wire/wire-format.ts";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";

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

/** A URL, and the format of the requests that are sent there; null where those are no model calls. */
interface Target {
  readonly url: URL;
  readonly format: WireFormat | null;
}

/** Reads URLs. The latest one is remembered: an app that calls a model nearly always calls the same one again. */
const createTargets = (): ((text: string) => Target | null) => {
  let latestText = "";
  let latest: Target | null = null;
  return (text) => {
    if (text === latestText) return latest;
    const url = URL.parse(text);
    latest = url && { url, format: wireFormatOf(url) };
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
    if (!target?.format) return null;
    const body = bodyText(input, init);
    if (body === null) return null;
    const request = input instanceof Request ? input : null;
    const given = init?.headers ?? request?.headers;
    return {
      format: target.format,
      url: target.url,
      body,
      // They are only looked at, and at once: a copy would cost more than the rest.
      headers: given instanceof Headers ? given : new Headers(given),
      givenHeaders: init?.headers ?? null,
      signal: init?.signal ?? request?.signal ?? null,
    };
  };
};
