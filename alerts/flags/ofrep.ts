import { createHash } from "node:crypto";
import type { ConversationArms } from "./conversation-arms.ts";
import {
  type Evaluation,
  evaluateFlag,
  evaluationOf,
  type FlagSplit,
  needsNoKey,
  type SegmentOf,
} from "./evaluate-flag.ts";

/** A flag the agent serves, and what it evaluates to. */
export interface ServedFlag extends FlagSplit {
  /** Keeps the arm of a conversation that the context names. Absent: every evaluation goes by the share alone. */
  readonly conversations?: ConversationArms;
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
/** Whom an evaluation is for; null = unsaid. */
interface Subject {
  readonly targetingKey: string | null;
  readonly conversation: string | null;
  readonly segmentOf: SegmentOf;
}
type Context = Subject | { readonly errorCode: ErrorCode; readonly errorDetails: string };

const JSON_TYPE = { "content-type": "application/json" };

type Fields = { readonly context?: unknown; readonly targetingKey?: unknown };

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Attributes of the context that name the conversation, the first one that is said wins. */
const CONVERSATION = ["conversationId", "gen_ai.conversation.id"] as const;

/** A text or a number. Of another type it is somebody else's attribute, and no reason to refuse what was answered before. */
const conversationOf = (context: object): string | null => {
  const said = new Map<string, unknown>(Object.entries(context));
  for (const name of CONVERSATION) {
    const value = said.get(name);
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return null;
};

/** Longer ones are cut on a call's span, too. */
const MAX_VALUE = 64;

/** The attribute of the segment's own name: a text, or a number or truth value as it is written. Anything else says nothing. */
const segmentsOf = (context: object): SegmentOf => {
  const said = new Map<string, unknown>(Object.entries(context));
  return (segment) => {
    const value = said.get(segment);
    const isSaid = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return isSaid && value !== "" ? String(value).slice(0, MAX_VALUE) : null;
  };
};

const readContext = (body: unknown): Context => {
  if (!isRecord(body)) return { errorCode: "PARSE_ERROR", errorDetails: "the body is no JSON object" };
  const context = body.context ?? {};
  if (!isRecord(context)) return { errorCode: "INVALID_CONTEXT", errorDetails: "context is no object" };
  const key = context.targetingKey ?? null;
  if (key !== null && typeof key !== "string") {
    return { errorCode: "INVALID_CONTEXT", errorDetails: "targetingKey is no string" };
  }
  return {
    targetingKey: key === "" ? null : key,
    conversation: conversationOf(context),
    segmentOf: segmentsOf(context),
  };
};

/** The evaluation of a turn of a conversation. */
const answerTurn = (
  flag: FlagSplit,
  arms: ConversationArms,
  conversation: string,
  { targetingKey, segmentOf }: Subject,
): Evaluation => {
  const [arm, turn] = arms.turn(flag, conversation, targetingKey, segmentOf);
  const { metadata, ...evaluation } = evaluationOf(flag, arm, segmentOf);
  const handoff = turn === "moved" ? { handoff: "canary" as const } : {};
  return { ...evaluation, metadata: { ...metadata, conversation: turn, ...handoff } };
};

/** The evaluation, or the reason there is none: a split cannot be decided without a targeting key or a conversation. */
const answerFor = (flag: ServedFlag, subject: Subject): object => {
  const { state, conversations } = flag;
  const { targetingKey, conversation, segmentOf } = subject;
  if (conversations !== undefined && conversation !== null)
    return answerTurn(flag, conversations, conversation, subject);
  const key = targetingKey ?? conversation;
  if (key === null && !needsNoKey(state, segmentOf)) {
    const errorDetails = "the flag splits its traffic by targetingKey and the context has none";
    return { key: state.flag, errorCode: "TARGETING_KEY_MISSING", errorDetails };
  }
  return evaluateFlag(state, flag.values, key ?? "", segmentOf);
};

const answerOne = (key: string, flag: ServedFlag | undefined, subject: Subject): OfrepResponse => {
  if (!flag) {
    const body = { key, errorCode: "FLAG_NOT_FOUND", errorDetails: "the agent serves no flag of this name" };
    return { status: 404, headers: JSON_TYPE, body };
  }
  const body = answerFor(flag, subject);
  return { status: "errorCode" in body ? 400 : 200, headers: JSON_TYPE, body };
};

const matches = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");

const answerAll = (flags: readonly ServedFlag[], subject: Subject, ifNoneMatch: string | null): OfrepResponse => {
  const body = { flags: flags.map((flag) => answerFor(flag, subject)) };
  const etag = `"${createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 32)}"`;
  if (matches(ifNoneMatch, etag)) return { status: 304, headers: { etag }, body: null };
  return { status: 200, headers: { ...JSON_TYPE, etag }, body };
};

/**
 * Answers the OpenFeature Remote Evaluation Protocol, 0.2: `POST /ofrep/v1/evaluate/flags/{key}` and the bulk
 * `POST /ofrep/v1/evaluate/flags` with ETag and 304. Pure but for the conversations it remembers; the agent mounts it into its
 * HTTP server. `conversationId` or `gen_ai.conversation.id` in the context names the conversation of this turn, an attribute
 * of a segment's name its value: while the share is for a segment, whoever has no such attribute gets the baseline.
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
  if (request.key !== null) return answerOne(request.key, flags.get(request.key), context);
  return answerAll([...flags.values()], context, request.ifNoneMatch);
};
