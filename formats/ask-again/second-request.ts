import type { JsonObject } from "../json/json-object.ts";

/** A request as it is to be made a second time. */
export interface SecondRequest {
  readonly url: string;
  readonly body: JsonObject;
}

/** Where an endpoint of a format begins, seen from its SDK's base URL, by the beginning of the format's name. */
const ENDPOINTS: readonly (readonly [format: string, endpoint: RegExp])[] = [
  ["openai.", /\/(?:chat\/completions|responses|completions)\/?$/],
  ["mistral", /\/v\d[^/]*\/(?:chat|fim)\/completions\/?$/],
  ["anthropic.", /\/v\d[^/]*\/messages\/?$/],
  ["cohere.", /\/v\d[^/]*\/chat\/?$/],
  ["ollama.", /\/api\/(?:chat|generate)\/?$/],
  ["gemini.", /\/v\d[^/]*\/.*models\/[^/:]+:(?:streamG|g)enerateContent$/],
];

/** The place of the model in a path: Gemini's, and Azure's deployments. */
const IN_PATH = [/(\/models\/)([^/:]+)(?=:)/, /(\/deployments\/)([^/]+)(?=\/)/];

const endpointOf = (format: string, { pathname }: URL): string | null => {
  const [, endpoint] = ENDPOINTS.find(([name]) => format.startsWith(name)) ?? [];
  return endpoint?.exec(pathname)?.[0] ?? null;
};

/** The URL of the same endpoint below another base; with the query, which has versions and streaming, but no key. */
const urlOf = (url: URL, endpoint: string, baseUrl: string | null): URL => {
  const base = baseUrl === null ? null : new URL(baseUrl);
  const second = new URL(base === null ? url.pathname : `${base.pathname.replace(/\/$/, "")}${endpoint}`, base ?? url);
  for (const [name, value] of url.searchParams) if (name !== "key") second.searchParams.append(name, value);
  return second;
};

const withModel = (url: URL, model: string): boolean =>
  IN_PATH.some((pattern) => {
    if (!pattern.test(url.pathname)) return false;
    url.pathname = url.pathname.replace(pattern, (_all, before: string) => before + encodeURIComponent(model));
    return true;
  });

/** One answer is compared; that nothing is kept of it is said where the provider would keep it. */
const bodyOf = (format: string, { n: _n, ...body }: JsonObject, model: string | null): JsonObject => ({
  ...body,
  ...(model === null ? {} : { model }),
  ...(format === "openai.responses" ? { store: false } : {}),
});

/**
 * The request of `body` to `url`, written in `format`, asked of `model` below `baseUrl` (null = where it went); null where that
 * cannot be written: a signed request, an endpoint that is not known. Prompts are never rewritten.
 */
export const secondRequest = (
  { format, url, body }: { readonly format: string; readonly url: URL; readonly body: JsonObject },
  model: string,
  baseUrl: string | null,
): SecondRequest | null => {
  const endpoint = endpointOf(format, url);
  if (endpoint === null) return null;
  const second = urlOf(url, endpoint, baseUrl);
  const isInPath = withModel(second, model);
  return { url: second.href, body: bodyOf(format, body, isInPath && body.model === undefined ? null : model) };
};

/**
 * Where an endpoint like OpenAI's turns texts into vectors: below `baseUrl`, or (null) beside the endpoint of `url`, which is of
 * `format`; null where that one has none beside it.
 */
export const embeddingsUrl = (format: string, url: URL, baseUrl: string | null): string | null => {
  if (baseUrl !== null) return `${baseUrl.replace(/\/$/, "")}/embeddings`;
  const endpoint = format.startsWith("openai.") ? endpointOf(format, url) : null;
  return endpoint === null ? null : `${url.origin}${url.pathname.slice(0, -endpoint.length)}/embeddings`;
};
