import { ASSUMED_VALUES, type AssumedSignal } from "../../agent/forecast/assumed-signals.ts";
import type { AssumedTraffic } from "../../agent/forecast/assumed-traffic.ts";
import { newestDays, toldAs } from "../../agent/forecast/told-effects.ts";
import type { NextTick } from "../../agent/forecast/walk-stages.ts";
import type { Arm } from "../../core/cohort.ts";
import { bucketOf } from "../../core/histogram.ts";
import { OVERALL, type Sample } from "../../core/sample.ts";
import { normalFrom } from "../../core/seeded-random.ts";
import type { CatalogueSignal } from "../../core/signals.ts";
import { BUCKETS, createUserSums } from "../detection/users/user-sums.ts";
import { joinedRandom, poissonFrom } from "../detection/whole/joined-random.ts";
import { createTickCells } from "./tick-cells.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often a user has an event: its mean over users is the level, and its variance the trait's part of a call's. */
const habitOf = (random: () => number, { level, trait }: AssumedSignal): number => {
  // Two kinds of users: those in whom the events are, and the others.
  const often = Math.min(1, level + (1 - level) * Math.sqrt(trait));
  const share = (trait * level * (1 - level)) / ((often - level) ** 2 + trait * level * (1 - level));
  const seldom = Math.max(0, (level - share * often) / (1 - share));
  return random() < share ? often : seldom;
};

/** What a rate's level does to a user's habit, so that the mean over users is the other level. */
const habitAt = (habit: number, from: number, to: number): number =>
  to <= from ? habit * (to / from) : 1 - ((1 - habit) * (1 - to)) / (1 - from);

interface Drawn {
  readonly value: number;
  readonly bin: number | null;
  /** As the store sums it up by user: of an amount its logarithm. */
  readonly alike: number;
}

const drawOf = (random: () => number, signal: AssumedSignal, arm: Arm, trait: number): Drawn => {
  const level = arm === "canary" ? signal.canaryLevel : signal.level;
  if (signal.kind === "rate") {
    const event = random() < habitAt(trait, signal.level, level) ? 1 : 0;
    return { value: event, bin: null, alike: event };
  }
  const z = Math.sqrt(signal.trait) * trait + Math.sqrt(1 - signal.trait) * normalFrom(random);
  if (signal.kind === "score") {
    const score = Math.min(1, Math.max(0, level + signal.spread * z));
    return { value: score, bin: Math.round(score * 100), alike: score };
  }
  const value = level * Math.exp(signal.spread * z);
  return { value, bin: bucketOf(value), alike: Math.log(value) };
};

/** Up to where each value's part of the calls goes, 0-1. */
const EDGES = ASSUMED_VALUES.map((_, i) => ASSUMED_VALUES.slice(0, i + 1).reduce((sum, { share }) => sum + share, 0));

/** The number of the value whose part of the calls holds `at`, 0-1. */
const valueAt = (at: number): number => {
  const found = EDGES.findIndex((upTo) => at < upTo);
  return found === -1 ? EDGES.length - 1 : found;
};

/**
 * Calls of users who stay, one by one: each user has habits of its own for good, is in one arm by a number of its own, and calls at
 * random moments, more by day than by night. How alike their calls are is measured by the store's own formula, once an hour.
 */
export const createUserWorld = (
  name: string,
  signals: readonly AssumedSignal[],
  { callsPerDay, users: count, seed }: AssumedTraffic & { readonly seed: number },
): NextTick => {
  const random = joinedRandom(seed);
  const users = Array.from({ length: count }, () => ({
    arm: random(),
    traits: signals.map((signal) => (signal.kind === "rate" ? habitOf(random, signal) : normalFrom(random))),
  }));
  const told = signals.map(({ name: signal }) => signal as CatalogueSignal);
  const sums = createUserSums(told, Math.max(1, Math.round(newestDays(callsPerDay))));
  const names = [...new Set(signals.flatMap(({ by }) => by))];
  let [effects, hour] = [toldAs(signals, {}, {}), Number.NEGATIVE_INFINITY];

  const effectsAt = (from: number): typeof effects => {
    if (Math.floor(from / HOUR_MS) === hour) return effects;
    hour = Math.floor(from / HOUR_MS);
    const { designEffects = {}, lastingEffects = {} } = sums.effects();
    effects = toldAs(signals, designEffects as Readonly<Record<string, number>>, lastingEffects);
    return effects;
  };

  return ({ from, to, stage, share }) => {
    const likeness = effectsAt(from);
    sums.begin(Math.floor(from / DAY_MS));
    const cells = createTickCells();
    const wave = 1 - 0.5 * Math.cos((2 * Math.PI * ((from + to) / 2)) / DAY_MS);
    for (let left = poissonFrom(random, (callsPerDay * wave * (to - from)) / DAY_MS); left > 0; left--) {
      const id = Math.floor(random() * count);
      const user = users[id];
      if (user === undefined) continue;
      const arm: Arm = user.arm < share ? "canary" : "baseline";
      const segments = names.map((each) => `${each}=${ASSUMED_VALUES[valueAt(random())]?.value}`);
      for (const segment of [OVERALL, ...segments]) cells.call(arm, segment);
      signals.forEach((signal, i) => {
        if (signal.known < 1 && random() >= signal.known) return;
        const { value, bin, alike } = drawOf(random, signal, arm, user.traits[i] ?? 0);
        cells.add(signal.name, arm, OVERALL, value, bin);
        names.forEach((each, at) => {
          if (signal.by.includes(each)) cells.add(signal.name, arm, segments[at] ?? "", value, bin);
        });
        sums.add(signal.name as CatalogueSignal, arm, id % BUCKETS, alike);
      });
    }
    const samples: readonly Sample[] = cells.samples();
    return { migration: name, from, to, stage, share, samples, calls: cells.calls(), ...likeness };
  };
};
