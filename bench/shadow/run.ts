// npm run bench:shadow [-- --short]: what a shadow does to an app's users, off and on in turn in one process.
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { type Candidate, measureImpact } from "./measure.ts";

const short = process.argv.includes("--short");
const effort = short ? { blockMs: 3_000, blocks: 1, rate: 100 } : { blockMs: 6_000, blocks: 4, rate: 200 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const ALL: ShadowPlan["left"] = { calls: null, tokens: null, usd: null };

const ROWS: readonly (readonly [string, Candidate, ShadowPlan["left"]])[] = [
  ["answers", "answers", ALL],
  ["fails", "fails", ALL],
  ["hangs", "hangs", ALL],
  ["answers slowly", "slow", ALL],
  ["is out of budget", "answers", { ...ALL, calls: 0 }],
];

const pair = ([off, on]: readonly [number, number], digits: number): string =>
  `${off.toFixed(digits)} / ${on.toFixed(digits)} (${(on / off).toFixed(2)})`;

print(`${effort.rate} users' calls a second; off / on (ratio)`);
print("the candidate     | p50 ms | p99 ms | CPU us a call | memory MiB | second calls | users' answers that differ");
let isRight = true;
for (const [name, candidate, left] of ROWS) {
  const { p50, p99, cpuUs, rss, second, different } = await measureImpact(candidate, left, effort);
  if (different > 0) isRight = false;
  print(
    `${name.padEnd(17)} | ${pair(p50, 1)} | ${pair(p99, 1)} | ${pair(cpuUs, 0)} | ${pair(rss, 0)} | ${second} | ${different}`,
  );
}
if (!isRight) process.exitCode = 1;
