import { setTimeout as delay } from "node:timers/promises";
import { withinOr } from "../async/within-or.ts";
import { type Audience, type Exposure, ofAudience, raisesNothing } from "../core/audience.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { FlagState, FlagWrite, FlipResult } from "../core/flag.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Route } from "../core/migration.ts";
import { flipIntentId, flipReadbackId, flipResultId } from "../lifecycle/ledger-ids.ts";
import { type FlagReadFailure, isReadFailure, type RoutedFlag, sameExposure } from "./flags/flag-target.ts";
import type { LedgerWriter } from "./ledger-writer.ts";

/** One write to a flag, and what it belongs to. */
export interface FlipRequest {
  readonly migration: string;
  readonly incident: string;
  /** Deterministic id of the action: the same decision has the same one, on every retry and every replica. */
  readonly action: string;
  /** Who: `agent`, or the person whose command this is. */
  readonly by: string;
  /** Canary share to set, 0-1; 0 is the kill. */
  readonly share: number;
  /** Whom the share is for; left out or null = everybody. */
  readonly audience?: Audience | null;
  /** The state this decision was made on; a flag that has another revision by now is left alone. Null writes blindly. */
  readonly guard: { readonly revision: string } | null;
  /** What the flag was read to serve before, 0-1; left out = unknown. */
  readonly from?: number;
  /** Whom it was read to serve that to; left out or null = everybody. */
  readonly fromAudience?: Audience | null;
  /** True where it is written also when the flag reads so already. Default false. */
  readonly again?: boolean;
  /** True for a fallback of the route; its entries say so. Default false: the route's own flag. */
  readonly isFallback?: boolean;
}

/** How long a flip may take. All in ms. */
export interface FlipSettings {
  /** One call to the flag system. Default 10 s. */
  readonly callMs: number;
  /** From the write to the last read-back. Default 5 s. */
  readonly readbackMs: number;
  /** Between two read-backs. Default 200 ms. */
  readonly pauseMs: number;
}

/** The defaults of {@link FlipSettings}. */
export const FLIP_DEFAULTS: FlipSettings = { callMs: 10_000, readbackMs: 5_000, pauseMs: 200 };

/** What a flip needs of its surroundings. */
export interface FlipCollaborators {
  readonly flag: RoutedFlag;
  /** Shared by all flips, so that what a failing ledger did not take is written with a later entry. */
  readonly ledger: LedgerWriter;
  readonly now: () => number;
  readonly settings?: Partial<FlipSettings>;
  /** Asked right before exposure is raised: false = something else was decided meanwhile. Default: always true. */
  readonly isStillWanted?: () => boolean | Promise<boolean>;
  /** Waits between two read-backs; default: a timer. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

type Failure = FlagReadFailure;

/** How long a flag is lowered later for the sake of its intent's record. The journal takes it in a few ms. */
const INTENT_MS = 100;

const failure = (detail: string): Failure => ({ outcome: "failed", why: "transient", detail, retryAfterMs: null });

/** The answer of the flag system, or a failure when it throws or takes longer than `ms`. */
export const callTarget = async <T>(call: () => Promise<T>, ms: number): Promise<T | Failure> => {
  try {
    // Called inside a promise: a call that throws at once is a failure like one that throws later.
    const answer = Promise.resolve().then(call);
    return await withinOr(ms, answer, failure(`the flag system gave no answer within ${ms} ms`));
  } catch {
    // A target that throws has a bug, and its message may hold a token.
    return failure("the flag system's adapter failed unexpectedly");
  }
};

/** What is written down of a flip. */
type FlipEvent = Extract<LedgerEvent, { readonly type: `flip-${string}` }>;

const idOf = (event: FlipEvent): string => {
  switch (event.type) {
    case "flip-intent":
      return flipIntentId(event.action);
    case "flip-result":
      return flipResultId(event.action, event.write);
    case "flip-readback":
      return flipReadbackId(event.action, event.confirmed, event.state);
    default:
      return unreachable(event);
  }
};

const entry = (request: FlipRequest, at: number, event: FlipEvent): LedgerEntry => ({
  id: idOf(event),
  at,
  migration: request.migration,
  by: request.by,
  incident: request.incident,
  event,
});

/** What all three entries of a flip of a fallback say. */
const aboutFallback = (
  { isFallback = false }: FlipRequest,
  { flag, target }: RoutedFlag,
): { readonly fallback?: Route } => (isFallback ? { fallback: { flag, target } } : {});

interface Steps extends Pick<FlipCollaborators, "flag" | "now" | "ledger"> {
  readonly settings: FlipSettings;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** Reads until the flag serves `share` or the time is up: some systems show the old share for a moment. */
const readBack = async (request: FlipRequest, steps: Steps): Promise<FlagState | Failure> => {
  const { flag, now, wait, settings } = steps;
  const deadline = now() + settings.readbackMs;
  for (;;) {
    const answer = await callTarget(flag.read, settings.callMs);
    if (!isReadFailure(answer) && sameExposure(answer, request)) return answer;
    if (now() + settings.pauseMs > deadline) return answer;
    await wait(settings.pauseMs);
  }
};

const exposureText = ({ share, audience }: Exposure): string => `${share}${share > 0 ? ofAudience(audience) : ""}`;

const confirm = async (request: FlipRequest, write: Exclude<FlagWrite, Failure>, steps: Steps): Promise<FlipResult> => {
  const flippedAt = steps.now();
  const answer = await readBack(request, steps);
  if (isReadFailure(answer)) {
    const why = `written, but it could not be read back: ${answer.detail}`;
    return { outcome: "unconfirmed", state: null, why, flippedAt };
  }
  const confirmed = sameExposure(answer, request);
  const about = aboutFallback(request, steps.flag);
  const event: FlipEvent = { type: "flip-readback", action: request.action, state: answer, confirmed, ...about };
  await steps.ledger.note(entry(request, steps.now(), event));
  if (confirmed) return { outcome: "confirmed", state: answer, flippedAt, wrote: write.outcome === "written" };
  const why = `written as ${exposureText(request)}, but the flag reads ${exposureText(answer)}`;
  return { outcome: "unconfirmed", state: answer, why, flippedAt };
};

const NO_RECORD: FlipResult = {
  outcome: "failed",
  why: "ledger",
  detail: "the ledger did not take the intent, and exposure only rises on record",
  retryAfterMs: null,
};

const NO_SEGMENTS: FlipResult = {
  outcome: "failed",
  why: "permanent",
  detail:
    "the flag system cannot serve a segment alone; take segment out of the stage, or route the migration by a builtin target",
  retryAfterMs: null,
};

const SUPERSEDED: FlipResult = {
  outcome: "failed",
  why: "superseded",
  detail: "something else was decided before it was written",
  retryAfterMs: null,
};

const lowers = ({ share, audience, from, fromAudience }: FlipRequest): boolean =>
  share === 0 ||
  (from !== undefined &&
    raisesNothing({ share: from, audience: fromAudience ?? null }, { share, audience: audience ?? null }));

/** Null when the flag may be written now. Lowering waits for no ledger; its entries are in the journal, or follow. */
const prepare = async (
  request: FlipRequest,
  { flag: routed, ledger, now, isStillWanted = () => true }: FlipCollaborators,
): Promise<FlipResult | null> => {
  const { action, share, from, fromAudience = null, isFallback = false } = request;
  const { flag, target } = routed;
  // What it served a segment alone must not be restored to everybody: that is for a person.
  const before = isFallback && from !== undefined && fromAudience === null ? { before: from } : {};
  const about = { ...aboutFallback(request, routed), ...before };
  const whom = share > 0 && request.audience ? { audience: request.audience } : {};
  const intent = entry(request, now(), { type: "flip-intent", action, flag, target, share, ...whom, ...about });
  const noting = ledger.note(intent);
  if (lowers(request)) {
    await withinOr(INTENT_MS, noting, "");
    return null;
  }
  await noting;
  if (!(await ledger.stored(intent))) return NO_RECORD;
  return (await isStillWanted()) ? null : SUPERSEDED;
};

/**
 * Sets the flag: intent on record, guarded write, result on record, read-back, read-back on record. Never rejects. A
 * share that lowers exposure is set even when nothing can be recorded; its entries follow. Any other share needs its
 * intent in the ledger first. Safe to repeat with the same `action`.
 */
export const flip = async (request: FlipRequest, collaborators: FlipCollaborators): Promise<FlipResult> => {
  const { flag, ledger, now, wait = (ms: number) => delay(ms) } = collaborators;
  const settings = { ...FLIP_DEFAULTS, ...collaborators.settings };
  const { action, share, audience = null, guard, again = false } = request;
  if (share > 0 && audience !== null && !flag.capabilities.segments) return NO_SEGMENTS;
  const obstacle = await prepare(request, collaborators);
  if (obstacle !== null) return obstacle;
  const write = await callTarget(
    () => flag.setShare(share, guard, again, share > 0 ? audience : null),
    settings.callMs,
  );
  await ledger.note(entry(request, now(), { type: "flip-result", action, write, ...aboutFallback(request, flag) }));
  switch (write.outcome) {
    case "failed":
      return write;
    case "written":
    case "unchanged":
      return confirm(request, write, { flag, ledger, now, settings, wait });
    default:
      return unreachable(write);
  }
};
