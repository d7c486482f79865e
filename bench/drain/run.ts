// npm run bench:drain [-- --short]: rollbacks through the proof that canary calls stopped: how often it is false, and how long it takes.
import { type Fleet, type Outcome, simulateRollback } from "./simulate.ts";

const isShort = process.argv.includes("--short");

const DELAY_MS = 60_000;
const SKEW_MS = 600_000;

const BUSY = { rate: 100, share: 0.2, mixed: 4, canaryOnly: 0, durationMs: 1_000 } as const;
const DIRTY = { ...BUSY, rate: 40, durationMs: 500, delayMs: DELAY_MS, skewMs: SKEW_MS } as const;
const NEAR = { ...BUSY, delayMs: 1_000, skewMs: 0, delays: "batches", stuck: "none" } as const;

/** Rollbacks that did not happen, a tenth of the runs each: any proof is a false one. */
const FALSE: readonly (readonly [string, Fleet])[] = [
  ["all go on, fixed delays", { ...DIRTY, delays: "fixed", stuck: "all" }],
  ["all go on, batches", { ...DIRTY, delays: "batches", stuck: "all" }],
  ["one of 4 goes on, fixed delays", { ...DIRTY, delays: "fixed", stuck: "one" }],
  ["one of 4 goes on, batches", { ...DIRTY, delays: "batches", stuck: "one" }],
  ["one of 4 goes on, delays jump at the flip", { ...DIRTY, delays: "fixed", jumps: true, stuck: "one" }],
  ["one of 12 goes on, 5%", { ...DIRTY, share: 0.05, mixed: 12, delays: "batches", stuck: "one" }],
  ["one of 2 for the canary alone, fixed delays", { ...DIRTY, canaryOnly: 2, delays: "fixed", stuck: "one" }],
  ["one of 2 for the canary alone, batches", { ...DIRTY, canaryOnly: 2, delays: "batches", stuck: "one" }],
  [
    "one of 2 for the canary alone, delays jump",
    { ...DIRTY, canaryOnly: 2, delays: "fixed", jumps: true, stuck: "one" },
  ],
  ["the only one, 2%, no delay", { ...DIRTY, share: 0.02, mixed: 1, delayMs: 0, delays: "fixed", stuck: "all" }],
];

/** Rollbacks that happened. */
const TRUE: readonly (readonly [string, Fleet])[] = [
  ["4 instances, 20%", NEAR],
  ["1 instance, 5%", { ...NEAR, share: 0.05, mixed: 1 }],
  ["4 instances, 5%", { ...NEAR, share: 0.05 }],
  ["12 instances, 20%", { ...NEAR, mixed: 12 }],
  ["12 instances, 5%", { ...NEAR, share: 0.05, mixed: 12 }],
  ["2 for the canary alone, 20%", { ...NEAR, canaryOnly: 2 }],
  ["4 instances, 20%, clocks 10 min off", { ...NEAR, skewMs: SKEW_MS }],
  ["4 instances, 20%, batches of 5 s", { ...NEAR, delayMs: 5_000 }],
  ["4 instances, 20%, batches of 60 s", { ...NEAR, delayMs: DELAY_MS }],
  ["4 instances, 20%, fixed delays of 60 s", { ...NEAR, delayMs: DELAY_MS, delays: "fixed" }],
];

const run = (fleet: Fleet, runs: number): readonly Outcome[] =>
  Array.from({ length: runs }, (_, i) => simulateRollback(fleet, i + 1));

const seconds = (ms: number | undefined): string => (ms === undefined ? "-" : `${(ms / 1000).toFixed(1)} s`);

const count = (values: readonly string[]): string =>
  [...Map.groupBy(values, (value) => value)].map(([value, all]) => `${all.length} ${value}`).join(", ") || "-";

const print = (...cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(" | ")} |\n`);

const said = ({ last }: Outcome): string => (last.state === "overdue" ? last.reason : last.state);

let [falseProofs, runs] = [0, 0];
print("no rollback", "runs", "false proofs", "said after three minutes");
print("---", "---", "---", "---");
for (const [name, fleet] of FALSE) {
  const outcomes = run(fleet, isShort ? 10 : 100);
  const wrong = outcomes.filter(({ isFalse }) => isFalse).length;
  [falseProofs, runs] = [falseProofs + wrong, runs + outcomes.length];
  print(name, String(outcomes.length), String(wrong), count(outcomes.filter(({ isFalse }) => !isFalse).map(said)));
}
process.stdout.write(`\n${falseProofs} false proofs in ${runs} rollbacks that did not happen\n\n`);

print("rollback, 100 calls a second", "runs", "proven", "median", "p95", "most", "else said");
print("---", "---", "---", "---", "---", "---", "---");
for (const [name, fleet] of TRUE) {
  const outcomes = run(fleet, isShort ? 10 : 100);
  const times = outcomes.flatMap(({ provenMs }) => (provenMs === null ? [] : [provenMs])).sort((a, b) => a - b);
  const at = (q: number): string => seconds(times[Math.min(times.length - 1, Math.floor(q * times.length))]);
  const else_ = count(outcomes.filter(({ provenMs }) => provenMs === null).map(said));
  print(name, String(outcomes.length), String(times.length), at(0.5), at(0.95), seconds(times.at(-1)), else_);
}
process.exitCode = falseProofs * 1_000 <= runs ? 0 : 1;
