import type { DrainOverdueReason, Exposure, ProvenSender } from "../core/ledger.ts";
import { type SenderCalls, type SenderWindow, senderKey, senderText, type WindowCalls } from "../core/sender-calls.ts";
import { type Claim, claimsOf, openClaims } from "./drain-claims.ts";
import { isMute, silenceOf } from "./sender-silence.ts";
import { heardAt, hearingMs, windowsOf } from "./sender-window.ts";

/** What the proof rests on. Times are epoch ms. */
export interface DrainInput {
  /** When the flag was confirmed to serve less. */
  readonly flippedAt: number;
  readonly now: number;
  /** Everybody who sent calls from well before the flip until now; null = the spans could not be read. */
  readonly senders: readonly SenderCalls[] | null;
  /** What they did in the windows of `windowsOf`. */
  readonly calls: readonly WindowCalls[];
  /** Canary share of the traffic before the flip, 0-1. */
  readonly shareBefore: number;
}

/** Settings of the proof. */
export interface DrainSettings {
  /** How long a call takes to end and to arrive at least, ms, whatever was seen of its sender. Default 2 s. */
  readonly settleMs: number;
  /** How long clients may keep the old flag, ms: the refresh interval of their SDK. Default 0 (OFREP asks each time). */
  readonly propagationMs: number;
  /** Without proof this long after the flip it is an incident of its own, ms. Default 60 s. */
  readonly overdueMs: number;
  /** Probability of ever calling a drain proven while some sender still sends canary calls as before. Default 0.001. */
  readonly maxProbability: number;
  /** Baseline calls since the flip without which nothing is proven, whatever the formula says. Default 20. */
  readonly minBaselineCalls: number;
}

/** The defaults of {@link DrainSettings}. */
export const DRAIN_DEFAULTS: DrainSettings = {
  settleMs: 2_000,
  propagationMs: 0,
  overdueMs: 60_000,
  maxProbability: 0.001,
  minBaselineCalls: 20,
};

/** Whether canary traffic stopped. */
export type DrainState =
  | {
      readonly state: "draining";
      /** Senders whose silence is not proven yet, as people are told of them; empty before anything was measured. */
      readonly waitingFor: readonly string[];
    }
  | {
      readonly state: "proven";
      /** Start of the last canary call after the flip, as far as its sender's clock tells; null = there was none. */
      readonly lastCanaryStart: number | null;
      readonly provenAt: number;
      /** The largest chance, over the senders, of a silence like theirs without a drain. */
      readonly probability: number;
      /** `until`: up to here every canary call would have come in. */
      readonly exposure: Exposure;
      /** Who was proven silent; missing in what earlier versions recorded. */
      readonly senders?: readonly ProvenSender[];
    }
  | {
      readonly state: "overdue";
      readonly reason: DrainOverdueReason;
      /** Senders whose silence is not proven, as people are told of them. */
      readonly instances: readonly string[];
      /** The newest measurement that shows it; null when nothing was measured. */
      readonly exposure: Exposure | null;
    };

/** A canary call that came in this long ago says that calls still arrive, ms, whatever was seen of its sender. */
const STILL_MS = 15_000;

/** Where all senders together are proven silent, and only single ones are not yet, people are not woken before this, ms. */
const PATIENCE_MS = 600_000;

/** More senders than this are not kept with a proof. */
const MAX_SENDERS = 200;

interface Reading extends DrainInput {
  readonly settings: DrainSettings;
  readonly known: readonly SenderCalls[];
  readonly others: readonly SenderCalls[];
  readonly windows: ReadonlyMap<string, SenderWindow>;
  /** Up to when the calls that came in can be read. */
  readonly heard: number;
  readonly claims: readonly Claim[];
  /** Those of them that are not proven. */
  readonly open: readonly Claim[];
}

/** Up to when, by the agent's clock, every canary call of these senders would have come in. */
const heardUntil = ({ heard, known, settings }: Reading): number =>
  heard - Math.max(settings.settleMs, ...known.map((sender) => hearingMs(sender, settings.settleMs)));

const exposureOf = (reading: Reading, instances: readonly string[]): Exposure => {
  const { flippedAt, calls } = reading;
  const sum = (of: (each: WindowCalls) => number): number => calls.reduce((all, each) => all + of(each), 0);
  return {
    since: flippedAt,
    until: Math.max(flippedAt, heardUntil(reading)),
    canaryCalls: sum(({ canaryAfterFlip }) => canaryAfterFlip),
    baselineCalls: sum(({ baselineCalls }) => baselineCalls),
    lastCanaryStart: lastStart(reading),
    instances,
  };
};

/** When a sender's last canary call started, as far as its clock tells, less what that is ahead; before all without any. */
const lastStartOf = ({ lastCanaryStart, leastDelayMs }: SenderCalls): number =>
  lastCanaryStart === null ? Number.NEGATIVE_INFINITY : lastCanaryStart + Math.min(0, leastDelayMs);

/** Those who started a canary call after the flip, as far as their clocks tell. */
const sendersAfterFlip = ({ known, flippedAt }: Reading): readonly SenderCalls[] =>
  known.filter((sender) => lastStartOf(sender) >= flippedAt);

const lastStart = (reading: Reading): number | null => {
  const starts = sendersAfterFlip(reading).map(lastStartOf);
  return starts.length === 0 ? null : Math.max(...starts);
};

const proven = (reading: Reading): DrainState => {
  const { now, known, calls, windows } = reading;
  const byKey = new Map(calls.map((each) => [senderKey(each), each]));
  const senders = known.slice(0, MAX_SENDERS).map((sender): ProvenSender => {
    const { service, instance, mostDelayMs } = sender;
    const [window, counted] = [windows.get(senderKey(sender)), byKey.get(senderKey(sender))];
    const silence = silenceOf(sender, window, counted);
    const muteMs = isMute(silence) ? silence.silentMs : 0;
    const [until, baselineCalls] = [window?.until ?? reading.flippedAt, counted?.baselineCalls ?? 0];
    return { service, instance, until, muteMs, mostDelayMs, baselineCalls };
  });
  const chances = reading.claims.filter(({ isGone }) => !isGone).map(({ chance }) => Math.exp(chance));
  const probability = Math.max(0, ...chances);
  const exposure = exposureOf(reading, []);
  return { state: "proven", lastCanaryStart: lastStart(reading), provenAt: now, probability, exposure, senders };
};

/** True while canary calls of it come in as they always did: with its pauses, and as far apart as its delays allow. */
const stillArrives = ({ lastCanaryReceived, longestGapMs, mostDelayMs, leastDelayMs }: SenderCalls, now: number) =>
  lastCanaryReceived !== null &&
  lastCanaryReceived > now - STILL_MS - Math.max(longestGapMs, mostDelayMs - leastDelayMs);

/** The intake may be behind by this much before what arrived last is a matter of the past, ms. */
const BEHIND_MS = 60_000;

const startedAfterFlip = (sender: SenderCalls, { flippedAt, settings }: Reading): boolean =>
  lastStartOf(sender) >= flippedAt + settings.propagationMs;

/** Those who go on after the flip took hold, as far as clocks tell, up to what can be read. */
const goingOn = (reading: Reading): readonly SenderCalls[] => {
  const lately = Math.max(reading.heard, reading.now - BEHIND_MS);
  return reading.known.filter((sender) => stillArrives(sender, lately) && startedAfterFlip(sender, reading));
};

/** Those whose canary calls still arrive, and may all be of before the flip. */
const arrivingLate = (reading: Reading): readonly SenderCalls[] =>
  reading.known.filter((sender) => stillArrives(sender, reading.now) && !startedAfterFlip(sender, reading));

/** Those of whom nothing that they did after the flip can have come in for certain. */
const unheard = ({ known, settings, windows, now, heard }: Reading): readonly SenderCalls[] =>
  known.filter((sender) => {
    const window = windows.get(senderKey(sender));
    // That nobody was heard of lately is another matter.
    return window !== undefined && window.until + now - heard <= window.flippedAt + settings.propagationMs;
  });

const overdue = (reading: Reading): DrainState => {
  const state = (reason: DrainOverdueReason, senders: readonly SenderCalls[]): DrainState => {
    const instances = senders.map(senderText);
    return { state: "overdue", reason, instances, exposure: exposureOf(reading, instances) };
  };
  const sending = goingOn(reading);
  if (sending.length > 0) return state("canary-calls", sending);
  const late = new Set([...unheard(reading), ...arrivingLate(reading)]);
  if (late.size > 0) return state("late-calls", [...late]);
  const heard = reading.calls.some(({ baselineCalls }) => baselineCalls > 0);
  return state(
    heard ? "too-little-traffic" : "no-traffic",
    reading.open.flatMap(({ senders }) => senders),
  );
};

/** True where no canary call arrives any more, and all senders together are proven silent. */
const isSilentInAll = (reading: Reading): boolean =>
  reading.open.length > 0 &&
  openClaims(reading, [reading.known]).length === 0 &&
  !reading.known.some((sender) => stillArrives(sender, reading.now));

/**
 * Decides from the spans whether canary traffic stopped after a flip. Pure.
 *
 * Proven: of each sender that used to send canary calls, or has sent one since, the time from the flip (or its last canary
 * call) until the moment up to which it would have been heard by now holds no canary call, and a silence like that had a
 * chance (`logChance`) of at most maxProbability / ((k + 1)(k + 2)) if it still sent them; k = its canary calls since the
 * flip. Each of them starts the silence anew, and every new start is a new chance to be fooled; the shares
 * 1/2, 1/6, 1/12, … of the budget sum to 1. Whoever still sends has to be missed for a proof, so that the probability of
 * EVER proving a drain that did not happen is at most maxProbability, however many senders there are and however often
 * one looks, under any delay and skew of a sender that are not larger than those it had before.
 *
 * No traffic proves nothing. Sticky flags make calls of one user alike: few users with many calls each weaken the
 * figure. After `overdueMs` the answer is `overdue`; it can still become `proven`.
 */
export const drainState = (input: DrainInput, settings: Partial<DrainSettings> = {}): DrainState => {
  const s = { ...DRAIN_DEFAULTS, ...settings };
  const isLate = input.now >= input.flippedAt + s.overdueMs;
  if (input.senders === null) {
    if (!isLate) return { state: "draining", waitingFor: [] };
    return { state: "overdue", reason: "not-measured", instances: [], exposure: null };
  }
  const canary = input.senders.filter(({ canaryCalls }) => canaryCalls > 0);
  const known = canary.length > 0 ? canary : input.senders;
  const others = canary.length > 0 ? input.senders.filter(({ canaryCalls }) => canaryCalls === 0) : [];
  const windows = new Map(windowsOf(input.senders, { ...input, ...s }).map((each) => [senderKey(each), each]));
  const parts = { ...input, settings: s, known, others, windows, heard: heardAt(input.senders, input.now) };
  const claims = claimsOf(parts);
  const open = claims.filter(({ isProven }) => !isProven);
  const reading: Reading = { ...parts, claims, open };
  const baselineCalls = input.calls.reduce((sum, each) => sum + each.baselineCalls, 0);
  // Where none was ever served and nobody sent any, there is nothing to drain: that calls come in without one is all there is to see.
  const isUntouched = input.shareBefore <= 0 && canary.length === 0;
  if (isUntouched && baselineCalls >= s.minBaselineCalls) return proven({ ...reading, claims: [] });
  if (claims.length > 0 && open.length === 0 && baselineCalls >= s.minBaselineCalls) return proven(reading);
  const waitsForFew = isSilentInAll(reading) && input.now < input.flippedAt + Math.max(s.overdueMs, PATIENCE_MS);
  if (isLate && !waitsForFew) return overdue(reading);
  return { state: "draining", waitingFor: open.flatMap(({ senders }) => senders.map(senderText)) };
};
