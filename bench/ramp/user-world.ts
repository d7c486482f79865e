import { traitShare } from "../../agent/forecast/user-luck.ts";
import type { Arm } from "../../core/cohort.ts";
import { bucketOf } from "../../core/histogram.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { OVERALL, type Sample, type Tick } from "../../core/sample.ts";
import { normalFrom } from "../../core/seeded-random.ts";
import { type CatalogueSignal, measuredKind, type SignalName, signalOf } from "../../core/signals.ts";
import { assumptionFor } from "../../detectors/power/assumed-calls.ts";
import { BUCKETS, createUserSums } from "../detection/users/user-sums.ts";
import { joinedRandom, poissonFrom } from "../detection/whole/joined-random.ts";

const DAY_MS = 86_400_000;
const TYPES = [0.6, 0.9, 1];

interface WorldSignal {
  readonly name: CatalogueSignal;
  readonly known: number;
  readonly level: number;
  readonly spread: number;
  readonly kind: "rate" | "score" | "value";
  readonly trait: number;
  readonly isSplit: boolean;
}

/** Where no rule says where the baseline is: the output's habits. */
const HABITS: readonly WorldSignal[] = [
  { name: "output_chars", known: 1, level: 400, spread: 0.5, kind: "value", trait: 0.2, isSplit: false },
  { name: "bullets", known: 1, level: 0.3, spread: 0, kind: "rate", trait: 0.1, isSplit: false },
  { name: "code_fence", known: 1, level: 0.15, spread: 0, kind: "rate", trait: 0.1, isSplit: false },
];

const knownOf = (name: SignalName): number => (name === "quality" ? 0.1 : name === "tool_call_valid" ? 0.4 : 1);

const signalOfRule = (rule: Rule, rules: readonly Rule[]): readonly WorldSignal[] => {
  const { signal } = rule;
  if (signal === "output_shape") return HABITS;
  const kind = measuredKind(signalOf(signal).kind);
  if (kind === null || rules.findIndex((other) => other.signal === signal) !== rules.indexOf(rule)) return [];
  const isSplit = rules.some((other) => other.signal === signal && other.by !== null);
  const { level, spread } = assumptionFor(rule, signal);
  return [
    {
      name: signal as CatalogueSignal,
      known: knownOf(signal),
      level,
      spread,
      kind,
      trait: traitShare(signal),
      isSplit,
    },
  ];
};

/** How often a user has an event, whose mean over users is `level` and whose variance the trait's part of a call's. */
const habitOf = (random: () => number, { level, trait }: WorldSignal): number => {
  // Two kinds of users: those in whom the events are, and the others.
  const often = Math.min(1, level + (1 - level) * Math.sqrt(trait));
  const share = (trait * level * (1 - level)) / ((often - level) ** 2 + trait * level * (1 - level));
  const seldom = Math.max(0, (level - share * often) / (1 - share));
  return random() < share ? often : seldom;
};

interface Cell {
  n: number;
  sum: number;
  readonly bins: Record<string, number>;
}

/**
 * Calls of users who stay, one by one: each user has habits of its own for good, is in one arm by a number of its own, and calls at
 * random moments, more by day than by night. How alike their calls are is measured by the store's own formula. Both arms are equal.
 */
export const createUserWorld = (
  migration: Migration,
  { callsPerDay, users: count, seed }: { readonly callsPerDay: number; readonly users: number; readonly seed: number },
): ((from: number, to: number, stage: number, share: number) => Tick) => {
  const random = joinedRandom(seed);
  const signals = migration.rules.flatMap((rule) => signalOfRule(rule, migration.rules));
  const users = Array.from({ length: count }, () => ({
    arm: random(),
    traits: signals.map((signal) => (signal.kind === "rate" ? habitOf(random, signal) : normalFrom(random))),
  }));
  const sums = createUserSums(signals.map(({ name }) => name));

  const draw = (signal: WorldSignal, trait: number): { value: number; bin: string | null; alike: number } => {
    if (signal.kind === "rate") {
      const event = random() < trait ? 1 : 0;
      return { value: event, bin: null, alike: event };
    }
    const z = Math.sqrt(signal.trait) * trait + Math.sqrt(1 - signal.trait) * normalFrom(random);
    if (signal.kind === "score") {
      const score = Math.min(1, Math.max(0, signal.level + signal.spread * z));
      return { value: score, bin: String(Math.round(score * 100)), alike: score };
    }
    const value = signal.level * Math.exp(signal.spread * z);
    return { value, bin: String(bucketOf(value)), alike: Math.log(value) };
  };

  return (from, to, stage, share) => {
    const told = sums.effects();
    sums.begin(Math.floor(from / DAY_MS));
    const cells = new Map<string, Cell>();
    const called = new Map<string, number>();
    const add = (signal: CatalogueSignal, arm: Arm, segment: string, value: number, bin: string | null): void => {
      const key = `${signal} ${arm} ${segment}`;
      const cell = cells.get(key) ?? { n: 0, sum: 0, bins: {} };
      cells.set(key, cell);
      cell.n += 1;
      cell.sum += value;
      if (bin !== null) cell.bins[bin] = (cell.bins[bin] ?? 0) + 1;
    };
    const wave = 1 - 0.5 * Math.cos((2 * Math.PI * ((from + to) / 2)) / DAY_MS);
    for (let left = poissonFrom(random, (callsPerDay * wave * (to - from)) / DAY_MS); left > 0; left--) {
      const id = Math.floor(random() * count);
      const user = users[id];
      if (user === undefined) continue;
      const arm: Arm = user.arm < share ? "canary" : "baseline";
      const at = random();
      const segment = `input_type=t${TYPES.findIndex((upTo) => at < upTo)}`;
      for (const where of [OVERALL, segment]) called.set(`${arm} ${where}`, (called.get(`${arm} ${where}`) ?? 0) + 1);
      signals.forEach((signal, i) => {
        if (signal.known < 1 && random() >= signal.known) return;
        const { value, bin, alike } = draw(signal, user.traits[i] ?? 0);
        add(signal.name, arm, OVERALL, value, bin);
        if (signal.isSplit) add(signal.name, arm, segment, value, bin);
        sums.add(signal.name, arm, id % BUCKETS, alike);
      });
    }
    const samples = [...cells].map(([key, cell]): Sample => {
      const [signal, cohort, segment = ""] = key.split(" ") as [CatalogueSignal, Arm, string];
      return { signal, cohort, segment, ...cell };
    });
    const calls = [...called].map(([key, n]) => {
      const [cohort, segment = ""] = key.split(" ") as [Arm, string];
      return { cohort, segment, calls: n };
    });
    return { migration: migration.name, from, to, stage, share, samples, calls, ...told };
  };
};
