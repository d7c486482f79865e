import type { Identity, IdentityChange } from "../../core/monitor.ts";
import { HOUR_MS } from "./profile.ts";

/** A label and how much it was seen. */
interface KnownLabel {
  readonly label: string;
  n: number;
  /** Newest slice with it. */
  at: number;
}

interface FreshLabel {
  readonly label: string;
  n: number;
  readonly since: number;
}

/** What is known of one identity in one series: plain data. */
export interface IdentityState {
  known: KnownLabel[];
  /** Labels that were never seen before. */
  fresh: FreshLabel[];
  /** Calls since the first of them came up. */
  callsSinceFresh: number;
  first: number | null;
  hour: number | null;
  /** Newest last. */
  changes: IdentityChange[];
}

/** A state that has seen nothing. */
export const createIdentityState = (): IdentityState => ({
  known: [],
  fresh: [],
  callsSinceFresh: 0,
  first: null,
  hour: null,
  changes: [],
});

const DAY_MS: number = 24 * HOUR_MS;
/** A past is a day and this many calls. */
const MIN_PAST_CALLS = 100;
/** New labels have taken over with this many calls, and this share of all since they came up. */
const MIN_FRESH_CALLS = 20;
const TAKEN_OVER = 0.5;
/** What stays a minority for this long was no change. */
const MINORITY_MS = DAY_MS;
const FORGET_MS: number = 30 * DAY_MS;
const MAX_LABELS = 50;
const MAX_CHANGES = 5;
const HOURLY_FADE: number = 2 ** (-1 / 168);

const most = <T extends { readonly n: number }>(labels: readonly T[]): T | null =>
  labels.reduce<T | null>((top, each) => (top === null || each.n > top.n ? each : top), null);

const remember = (state: IdentityState, label: string, n: number, at: number): void => {
  const found = state.known.find((each) => each.label === label);
  if (found === undefined) state.known.push({ label, n, at });
  else {
    found.n += n;
    found.at = at;
  }
};

const settle = (state: IdentityState, at: number): void => {
  for (const { label, n } of state.fresh) remember(state, label, n, at);
  state.fresh = [];
  state.callsSinceFresh = 0;
};

const tidy = (state: IdentityState, at: number): void => {
  const hour = Math.floor(at / HOUR_MS);
  if (state.hour === hour) return;
  const passed = state.hour === null ? 0 : hour - state.hour;
  state.hour = hour;
  for (const each of state.known) each.n *= HOURLY_FADE ** passed;
  state.known = state.known
    .filter((each) => at - each.at < FORGET_MS)
    .toSorted((a, b) => b.n - a.n)
    .slice(0, MAX_LABELS);
  if (state.fresh.some(({ since }) => at - since >= MINORITY_MS)) settle(state, at);
};

const hasPast = ({ known, first }: IdentityState, at: number): boolean =>
  first !== null && at - first >= DAY_MS && known.reduce((sum, { n }) => sum + n, 0) >= MIN_PAST_CALLS;

const takeLabel = (state: IdentityState, label: string, count: number, at: number, judged: boolean): void => {
  const fresh = state.fresh.find((each) => each.label === label);
  if (fresh !== undefined) fresh.n += count;
  else if (!judged || !hasPast(state, at) || state.known.some((each) => each.label === label)) {
    remember(state, label, count, at);
  } else if (state.fresh.length < MAX_LABELS) state.fresh.push({ label, n: count, since: at });
};

const takeOver = (state: IdentityState, identity: Identity, at: number): IdentityChange | null => {
  const n = state.fresh.reduce((sum, each) => sum + each.n, 0);
  const [before, after] = [most(state.known), most(state.fresh)];
  if (before === null || after === null || n < MIN_FRESH_CALLS || n < TAKEN_OVER * state.callsSinceFresh) return null;
  const change = { identity, before: before.label, after: after.label, since: after.since };
  state.changes = [...state.changes, change].slice(-MAX_CHANGES);
  settle(state, at);
  // What took over is what is expected from now on, however long the past of the other.
  for (const each of state.known) if (each.label === after.label) each.n += before.n;
  return change;
};

/**
 * Takes the calls of a slice that began at `at`, by label, in; the change, when labels never seen before now make up
 * most of the calls. `judged` false: the past, from which labels are only learned.
 */
export const stepIdentity = (
  state: IdentityState,
  identity: Identity,
  labels: Readonly<Record<string, number>>,
  { at, judged }: { readonly at: number; readonly judged: boolean },
): IdentityChange | null => {
  tidy(state, at);
  const counts = Object.entries(labels).filter(([label]) => label !== "");
  if (counts.length > 0) state.first ??= at;
  for (const [label, count] of counts) takeLabel(state, label, count, at, judged);
  if (state.fresh.length === 0) return null;
  state.callsSinceFresh += counts.reduce((sum, [, count]) => sum + count, 0);
  return takeOver(state, identity, at);
};
