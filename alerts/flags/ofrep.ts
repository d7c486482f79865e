import { createHash } from "node:crypto";
import type { FlagState } from "../../core/flag.ts";
import { evaluateFlag, isStatic, type VariantValues } from "./evaluate-flag.ts";

/** A flag the agent serves, and what it evaluates to. */
export interface ServedFlag {
  readonly state: FlagState;
  readonly values: VariantValues;
}

/** One request, taken out of HTTP. */
export interface OfrepRequest {
  /** The flag of `/ofrep/v1/evaluate/flags/{key}`; null for the bulk endpoint without a key. */
  readonly key: string | null;
  /** The parsed JSON body; `undefined` when the text was no JSON. */
  readonly body: unknown;
  /** The `If-None-Match` header; null when absent. Only the bulk endpoint looks at it. */
  readonly ifNoneMatch: string | null;
}

/** One answer; `body` is to be sent as JSON, null means an empty body. */
export interface OfrepResponse {
  readonly status: 200 | 304 | 400 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | null;
}

type ErrorCode = "PARSE_ERROR" | "INVALID_CONTEXT" | "TARGETING_KEY_MISSING" | "FLAG_NOT_FOUND";
type Context =
  | { readonly targetingKey: string | null }
  | { readonly errorCode: ErrorCode; readonly errorDetails: string };

const JSON_TYPE = { "content-type": "application/json" };

type Fields = { readonly context?: unknown; readonly targetingKey?: unknown };

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readContext = (body: unknown): Context => {
  if (!isRecord(body)) return { errorCode: "PARSE_ERROR", errorDetails: "the body is no JSON object" };
  const context = body.context ?? {};
  if (!isRecord(context)) return { errorCode: "INVALID_CONTEXT", errorDetails: "context is no object" };
  const key = context.targetingKey ?? null;
  if (key !== null && typeof key !== "string") {
    return { errorCode: "INVALID_CONTEXT", errorDetails: "targetingKey is no string" };
  }
  return { targetingKey: key === "" ? null : key };
};

/** The evaluation, or the reason there is none: a split cannot be decided without a targeting key. */
const answerFor = ({ state, values }: ServedFlag, targetingKey: string | null): object => {
  if (targetingKey === null && !isStatic(state)) {
    const errorDetails = "the flag splits its traffic by targetingKey and the context has none";
    return { key: state.flag, errorCode: "TARGETING_KEY_MISSING", errorDetails };
  }
  return evaluateFlag(state, values, targetingKey ?? "");
};

const answerOne = (key: string, flag: ServedFlag | undefined, targetingKey: string | null): OfrepResponse => {
  if (!flag) {
    const body = { key, errorCode: "FLAG_NOT_FOUND", errorDetails: "the agent serves no flag of this name" };
    return { status: 404, headers: JSON_TYPE, body };
  }
  const body = answerFor(flag, targetingKey);
  return { status: "errorCode" in body ? 400 : 200, headers: JSON_TYPE, body };
};

const matches = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");

const answerAll = (
  flags: readonly ServedFlag[],
  targetingKey: string | null,
  ifNoneMatch: string | null,
): OfrepResponse => {
  const body = { flags: flags.map((flag) => answerFor(flag, targetingKey)) };
  const etag = `"${createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 32)}"`;
  if (matches(ifNoneMatch, etag)) return { status: 304, headers: { etag }, body: null };
  return { status: 200, headers: { ...JSON_TYPE, etag }, body };
};

/**
 * Answers the OpenFeature Remote Evaluation Protocol, 0.2: `POST /ofrep/v1/evaluate/flags/{key}` and the bulk
 * `POST /ofrep/v1/evaluate/flags` with ETag and 304. Pure; the agent mounts it into its HTTP server.
 *
 * 400 PARSE_ERROR: the body is no JSON object. 400 INVALID_CONTEXT: context or targetingKey has the wrong type.
 * 400 TARGETING_KEY_MISSING: only while the flag splits; at 0 and at 1 everybody's answer is known, and after a
 * rollback an app without a key must hear "baseline", not an error. 404 FLAG_NOT_FOUND. In the bulk answer such
 * errors stand at their own flag.
 */
export const handleOfrep = (request: OfrepRequest, flags: ReadonlyMap<string, ServedFlag>): OfrepResponse => {
  const context = readContext(request.body);
  if ("errorCode" in context) {
    const body = request.key === null ? context : { key: request.key, ...context };
    return { status: 400, headers: JSON_TYPE, body };
  }
  if (request.key !== null) return answerOne(request.key, flags.get(request.key), context.targetingKey);
  return answerAll([...flags.values()], context.targetingKey, request.ifNoneMatch);
};
