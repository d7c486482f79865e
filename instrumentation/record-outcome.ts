import { GEN_AI } from "../core/attributes.ts";
import { EVALUATION, EVALUATION_EVENT } from "../core/outcome-attributes.ts";
import { latestCall } from "./call-identity.ts";
import type { CallIdentity } from "./scope.ts";
import { type EventRecord, sharedEvents } from "./shared-events.ts";
import { shield } from "./shield.ts";

/** Names a call for later: two short texts that can be kept in a database beside the answer. */
export interface CallReference {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
}

/** Something that became known of a call. */
export interface Outcome {
  /**
   * What is told. `quality` (a score from 0 to 1), `task_completed`, `thumbs` and `support_ticket` are signals that
   * rules may be about; any other name is kept beside the call.
   */
  readonly name: string;
  /** A score; for yes and no 1 and 0, or true and false. Default: 1, when there is no label either. */
  readonly value?: number | boolean | undefined;
  /** A word for it: `up`, `down`, `completed`, `billing`. Never user content. */
  readonly label?: string | undefined;
  /** Why, for people. Sent as it is given, at most 1024 characters; leave it out where it may quote a prompt. */
  readonly explanation?: string | undefined;
  /** The provider's id of the answer (`completion.id`), for outcomes that come in another process or days later. */
  readonly responseId?: string | undefined;
  /** The call, as `currentCall()` named it. */
  readonly call?: CallReference | undefined;
}

const MAX_LENGTH = 256;
const MAX_EXPLANATION = 1024;

const text = (value: unknown, maxLength = MAX_LENGTH): string =>
  typeof value === "string" ? value.slice(0, maxLength) : "";

const isHex = (value: unknown, digits: number): boolean =>
  typeof value === "string" && value.length === digits && /^(?!0+$)[0-9a-f]+$/.test(value);

const callOf = ({ call, responseId }: Outcome): CallIdentity | null => {
  if (call != null) return isHex(call.traceId, 32) && isHex(call.spanId, 16) ? call : null;
  // A response id names another call than the latest one, or why would it be given?
  return text(responseId) === "" ? latestCall() : null;
};

const scoreOf = ({ value, label }: Outcome): number | null => {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return value == null && text(label) === "" ? 1 : null;
};

const attributesOf = (outcome: Outcome): Record<string, string | number> | null => {
  const value = scoreOf(outcome);
  const label = text(outcome.label);
  if (text(outcome.name) === "" || (value === null && label === "")) return null;
  const explanation = text(outcome.explanation, MAX_EXPLANATION);
  const responseId = text(outcome.responseId);
  return {
    [EVALUATION.name]: text(outcome.name),
    ...(value === null ? {} : { [EVALUATION.value]: value }),
    ...(label === "" ? {} : { [EVALUATION.label]: label }),
    ...(explanation === "" ? {} : { [EVALUATION.explanation]: explanation }),
    ...(responseId === "" ? {} : { [GEN_AI.responseId]: responseId }),
  };
};

const eventOf = (outcome: Outcome): EventRecord | null => {
  if (typeof outcome !== "object" || outcome === null) return null;
  const attributes = attributesOf(outcome);
  const span = callOf(outcome);
  if (attributes === null || (span === null && attributes[GEN_AI.responseId] === undefined)) return null;
  return { name: EVALUATION_EVENT, span, attributes };
};

/**
 * Tells how a call turned out: a completed task, a thumb, a ticket, a score of your own. It goes out as the standard
 * `gen_ai.evaluation.result` event, and belongs to `call`, else to the answer `responseId`, else to the latest model
 * call of the current scope (a served request, or a `with…` function). Of several outcomes of one name for one call
 * the first counts.
 *
 * Returns false when nothing is sent: the preload is not loaded, there is no call to tie it to, or no name or value.
 * Never throws, never waits.
 */
export const recordOutcome = (outcome: Outcome): boolean => {
  try {
    const event = eventOf(outcome);
    const sink = sharedEvents();
    if (event === null || sink === null) return false;
    sink.outcome(event);
    return true;
  } catch {
    // The object is the app's, and so are its getters.
    return false;
  }
};

/**
 * The latest model call of the current scope, by a name to give to `recordOutcome` later, also from another process;
 * null outside any scope, before its first call, and without the preload.
 */
export const currentCall: () => CallReference | null = shield(() => {
  const call = latestCall();
  return call === null ? null : { traceId: call.traceId, spanId: call.spanId };
}, null);
