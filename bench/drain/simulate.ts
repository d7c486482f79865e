import type { Arm } from "../../core/cohort.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { DRAIN_DEFAULTS, type DrainSettings, type DrainState } from "../../lifecycle/drain.ts";
import { proveFrom, type SentCall } from "./measure-calls.ts";

/** What a simulated fleet is like. Durations ms, `rate` calls a second of all senders together. */
export interface Fleet {
  readonly rate: number;
  /** Canary share before the flip, 0-1. */
  readonly share: number;
  /** Senders that serve both arms. */
  readonly mixed: number;
  /** Senders that serve the canary alone, as many calls as the share says together; 0 = the mixed ones do. */
  readonly canaryOnly: number;
  /** Longest delay, and largest skew of a clock to either side; each sender has its own, drawn up to here. */
  readonly delayMs: number;
  readonly skewMs: number;
  /** A sender's delay is the same for every call, or that of batches sent every so often. */
  readonly delays: "fixed" | "batches";
  /** The delay was little before the flip but for some calls, and is the largest of them from the flip on. */
  readonly jumps?: boolean;
  /** How long a call takes. */
  readonly durationMs: number;
  /** Senders that go on with the canary after the flip: "none", one drawn at random, or all. */
  readonly stuck: "none" | "one" | "all";
}

/** What came of one rollback. */
export interface Outcome {
  /** Time from the flip to the proof, ms; null where there was none. */
  readonly provenMs: number | null;
  /** True where the proof was given while somebody still sent canary calls. */
  readonly isFalse: boolean;
  /** What was said at the last look. */
  readonly last: DrainState;
}

const FLIP = 1_000_000_000;
const LOOK_MS = 5_000;

interface Machine {
  readonly instance: string;
  readonly skewMs: number;
  readonly delayMs: number;
  readonly phaseMs: number;
  readonly isCanaryOnly: boolean;
  readonly isStuck: boolean;
}

const machinesOf = (fleet: Fleet, random: () => number): readonly Machine[] => {
  const count = fleet.mixed + fleet.canaryOnly;
  const canaryFrom = fleet.canaryOnly > 0 ? fleet.mixed : 0;
  const chosen = canaryFrom + Math.floor(random() * (count - canaryFrom));
  return Array.from({ length: count }, (_, i) => {
    const isCanaryOnly = i >= fleet.mixed;
    const sendsCanary = i >= canaryFrom;
    return {
      instance: `pod-${i}`,
      skewMs: (2 * random() - 1) * fleet.skewMs,
      delayMs: 20 + random() * fleet.delayMs,
      phaseMs: random() * fleet.delayMs,
      isCanaryOnly,
      isStuck: fleet.stuck === "all" ? sendsCanary : fleet.stuck === "one" && i === chosen,
    };
  });
};

const delayOf = (fleet: Fleet, machine: Machine, end: number, random: () => number): number => {
  if (fleet.jumps === true) return end > FLIP || random() < 0.01 ? machine.delayMs : 20;
  if (fleet.delays === "fixed") return machine.delayMs;
  const period = machine.delayMs;
  return period - ((end + machine.phaseMs) % period);
};

/** Every call of `beforeMs` before the flip to `afterMs` after it, at random moments. */
const callsOf = (fleet: Fleet, random: () => number, beforeMs: number, afterMs: number): readonly SentCall[] => {
  const machines = machinesOf(fleet, random);
  const [mixed, only] = [machines.filter((m) => !m.isCanaryOnly), machines.filter((m) => m.isCanaryOnly)];
  const pick = (from: readonly Machine[]): Machine | undefined => from[Math.floor(random() * from.length)];
  const calls: SentCall[] = [];
  let start = FLIP - beforeMs;
  while (start < FLIP + afterMs) {
    start += (-1000 / fleet.rate) * Math.log(1 - random());
    const wantsCanary = random() < fleet.share;
    const machine = pick(only.length > 0 && wantsCanary ? only : mixed);
    if (machine === undefined) continue;
    const sendsCanary = wantsCanary && (machine.isCanaryOnly || only.length === 0);
    const isCanary = sendsCanary && (start < FLIP || machine.isStuck);
    // What a sender of the canary alone was asked for goes to the others after the flip.
    const by = machine.isCanaryOnly && !isCanary ? pick(mixed) : machine;
    if (by === undefined) continue;
    const durationMs = fleet.durationMs * (0.5 + random());
    const end = start + durationMs;
    const cohort: Arm = isCanary ? "canary" : "baseline";
    const received = end + delayOf(fleet, by, end, random);
    calls.push({ instance: by.instance, cohort, ownStart: start + by.skewMs, durationMs, received });
  }
  return calls;
};

/** How long is simulated before and after the flip, ms, and the settings of the proof. */
export interface Span {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly settings?: DrainSettings;
}

/** One rollback: looks every five seconds, at the defaults, until the proof or the end of `afterMs`. */
export const simulateRollback = (
  fleet: Fleet,
  seed: number,
  { beforeMs, afterMs, settings = DRAIN_DEFAULTS }: Span = { beforeMs: 120_000, afterMs: 180_000 },
): Outcome => {
  const random = seededRandom(seed);
  const calls = callsOf(fleet, random, beforeMs, afterMs);
  const times = { flippedAt: FLIP, shareBefore: fleet.share };
  let last: DrainState = { state: "draining", waitingFor: [] };
  for (let now = FLIP + LOOK_MS * random(); now < FLIP + afterMs; now += LOOK_MS) {
    last = proveFrom(calls, { ...times, now }, settings);
    if (last.state === "proven") return { provenMs: now - FLIP, isFalse: fleet.stuck !== "none", last };
  }
  return { provenMs: null, isFalse: false, last };
};
