// npm run bench:clock [-- --short]: a clock is set while the canary turns bad: how long until the rollback, and is anybody told.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { lengthText } from "../../core/length-text.ts";
import type { ClockOutcome, ClockPlace, ClockScenario } from "../../test/e2e/clock-scenario.ts";

const WORKER = fileURLToPath(new URL("./clock-worker.ts", import.meta.url));
const PATIENCE_MS = 240_000;
/** Agents at a time: each has an engine of its own, and little to do. */
const SIDE_BY_SIDE = 3;

const isShort = process.argv.includes("--short");
const MINUTE_MS = 60_000;
const STEPS_MS: readonly number[] = isShort ? [600_000] : [3_000, 15_000, 10 * MINUTE_MS, 1440 * MINUTE_MS];
const PLACES: readonly ClockPlace[] = ["agent", "senders", "both"];
const LASTING: readonly (number | null)[] = isShort ? [15_000] : [15_000, null];

const SCENARIOS: readonly ClockScenario[] = [
  { place: "agent", stepMs: 0, lastsMs: null, patienceMs: PATIENCE_MS },
  ...PLACES.flatMap((place) =>
    STEPS_MS.flatMap((step) =>
      [step, -step].flatMap((stepMs) =>
        LASTING.map((lastsMs) => ({ place, stepMs, lastsMs, patienceMs: PATIENCE_MS })),
      ),
    ),
  ),
];

const run = async (scenario: ClockScenario): Promise<ClockOutcome> => {
  const { stdout } = await promisify(execFile)(process.execPath, [WORKER, JSON.stringify(scenario)]);
  return JSON.parse(stdout) as ClockOutcome;
};

const seconds = (ms: number | null): string => (ms === null ? "NEVER" : `${(ms / 1000).toFixed(1)} s`);

const NAMES: Readonly<Record<ClockPlace, string>> = { agent: "the agent's", senders: "the senders'", both: "both" };

const nameOf = ({ place, stepMs, lastsMs }: ClockScenario): readonly string[] =>
  stepMs === 0
    ? ["none", "", ""]
    : [
        NAMES[place],
        `${lengthText(Math.abs(stepMs))} ${stepMs > 0 ? "ahead" : "back"}`,
        lastsMs === null ? "stays" : lengthText(lastsMs),
      ];

const print = (cells: readonly string[]): void => {
  const widths = [13, 14, 7, 9, 9];
  process.stdout.write(
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(" ")
      .trimEnd()}\n`,
  );
};

const results = new Map<ClockScenario, ClockOutcome>();
const waiting = [...SCENARIOS];
const work = async (): Promise<void> => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.set(next, await run(next));
};
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));

print(["clock", "set", "for", "rollback", "page", "doubts"]);
for (const scenario of SCENARIOS) {
  const { decidedMs, pagedMs, doubts } = results.get(scenario) ?? { decidedMs: null, pagedMs: null, doubts: [] };
  const isTold = scenario.place !== "senders" && scenario.stepMs !== 0;
  print([...nameOf(scenario), seconds(decidedMs), isTold ? seconds(pagedMs) : "-", doubts.join(", ") || "-"]);
}
const isMissed = [...results].some(
  ([{ place, stepMs }, { decidedMs, pagedMs }]) =>
    decidedMs === null || (place !== "senders" && stepMs !== 0 && pagedMs === null),
);
process.exitCode = isMissed ? 1 : 0;
