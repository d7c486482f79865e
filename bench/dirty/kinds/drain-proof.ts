import { DRAIN_DEFAULTS } from "../../../lifecycle/drain.ts";
import { proveFrom, type SentCall } from "../../drain/measure-calls.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const FLIP = 1_000_000_000;

/** One instance for the baseline and one or two for the canary, ten canary calls a second in all, for a minute before the flip. */
interface World {
  /** What the canary's calls wait, and how far its clock is off, ms. */
  readonly delayMs?: number;
  readonly skewMs?: number;
  /** The canary's exporter sends what it has every so often, ms. */
  readonly batchMs?: number;
  /** Which canary instances go on after the flip; the others are heard of no more. */
  readonly goesOn: readonly ("c1" | "c2")[];
}

const canaryCall = (world: World, start: number, instance: string): SentCall => {
  const { delayMs = 20, skewMs = 0, batchMs } = world;
  const end = start + 120;
  const received = batchMs === undefined ? end + delayMs : Math.ceil(end / batchMs) * batchMs + 20;
  return { instance, cohort: "canary", ownStart: start + skewMs, durationMs: 120, received };
};

/** Unevenly spread, and the same each time. */
const callsOf = (world: World): readonly SentCall[] => {
  const calls: SentCall[] = [];
  for (let i = 0; i < 7_500; i++) {
    const start = FLIP - 60_000 + i * 20 + ((i * 7_919) % 19);
    const instance = i % 10 < 5 ? "c1" : "c2";
    const isCanary = i % 5 === 0 && (start < FLIP || world.goesOn.some((each) => each === instance));
    if (isCanary) calls.push(canaryCall(world, start, instance));
    else calls.push({ instance: "b1", cohort: "baseline", ownStart: start, durationMs: 120, received: start + 140 });
  }
  return calls;
};

/** What is said within a minute of looks, one every five seconds. */
const said = (world: World): string => {
  const calls = callsOf(world);
  for (let at = 5_000; at <= 60_000; at += 5_000) {
    const state = proveFrom(calls, { flippedAt: FLIP, now: FLIP + at, shareBefore: 0.2 }, DRAIN_DEFAULTS);
    if (state.state === "proven") return `proven after ${at / 1_000} s`;
    if (state.state === "overdue") return `paged: ${state.reason}`;
  }
  return "nothing";
};

const goesOn = (input: string, before: string, world: Partial<World>): DirtyCase => ({
  input: `canary goes on, ${input}`,
  right: "a page",
  before,
  measure: () => said({ goesOn: ["c1", "c2"], ...world }),
  isRight: (now) => now.startsWith("paged: "),
});

const stops = (input: string, before: string, world: Partial<World>): DirtyCase => ({
  input: `canary stops, ${input}`,
  right: "proven within 15 s and what its calls wait",
  before,
  measure: () => said({ goesOn: [], ...world }),
  isRight: (now) => now.startsWith("proven"),
});

/** What late calls, wrong clocks and single instances make of the proof that canary calls stopped. */
export const drainProof: DirtyKind = {
  kind: "drain: calls that are late, clocks that are wrong",
  cases: [
    goesOn("its calls 3 s late", "paged: canary-calls", { delayMs: 3_000 }),
    goesOn("its calls 8 s late", "proven after 5 s", { delayMs: 8_000 }),
    goesOn("its calls 30 s late", "proven after 5 s", { delayMs: 30_000 }),
    goesOn("in batches of 5 s", "proven after 5 s", { batchMs: 5_000 }),
    goesOn("in batches of 30 s", "proven after 5 s", { batchMs: 30_000 }),
    goesOn("its clock 3 s behind", "paged: canary-calls", { skewMs: -3_000 }),
    goesOn("its clock 2 min behind", "proven after 5 s", { skewMs: -120_000 }),
    goesOn("its clock 9 min behind", "proven after 5 s", { skewMs: -540_000 }),
    goesOn("its clock 900 ms ahead", "paged: canary-calls", { skewMs: 900 }),
    goesOn("one of two instances, its calls 8 s late", "proven after 5 s", { goesOn: ["c2"], delayMs: 8_000 }),
    stops("nothing is late", "proven after 5 s", {}),
    stops("its calls 8 s late", "proven after 5 s", { delayMs: 8_000 }),
    stops("in batches of 5 s", "proven after 5 s", { batchMs: 5_000 }),
    stops("its clock 9 min behind", "proven after 5 s", { skewMs: -540_000 }),
  ],
};
