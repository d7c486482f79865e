import type { RampOutcome } from "./simulate-ramp.ts";

const quantile = (values: readonly number[], q: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return found === undefined ? "-" : found.toFixed(0);
};

const share = (part: number, of: number): string => `${part} of ${of} (${((100 * part) / of).toFixed(1)}%)`;

const counted = (names: readonly string[]): string =>
  [...new Set(names)]
    .map((name) => [name, names.filter((other) => other === name).length] as const)
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} (${count})`)
    .join(", ");

/** What became of the runs, as lines of text; `stages` = stages of the document. */
export const printRamps = (outcomes: readonly RampOutcome[], stages: number): string => {
  const rolledBack = outcomes.flatMap(({ rollback }) => (rollback === null ? [] : [rollback]));
  const pauses = outcomes.filter((outcome) => outcome.pauses.length > 0);
  const arrived = outcomes.map(({ advances }) => advances[stages - 2]).filter((hour) => hour !== undefined);
  const calls = outcomes.reduce((sum, outcome) => sum + outcome.calls, 0);
  const ticks = outcomes.reduce((sum, outcome) => sum + outcome.ticks, 0);
  const lines = [
    `runs: ${outcomes.length}, calls: ${calls}, ticks: ${ticks}`,
    `rolled back: ${share(rolledBack.length, outcomes.length)}`,
    ...rolledBack.map(({ hour, reason }) => `  hour ${hour.toFixed(1)}: ${reason}`),
    `paused at least once: ${share(pauses.length, outcomes.length)}; rules: ${counted(pauses.flatMap((each) => each.pauses.map(({ rule }) => rule))) || "none"}`,
    `reached the last stage: ${share(arrived.length, outcomes.length)}, after a median of ${quantile(arrived, 0.5)} hours (p95 ${quantile(arrived, 0.95)})`,
    `still to be proven at the end: ${counted(outcomes.flatMap(({ waitingFor }) => waitingFor)) || "nothing"}`,
  ];
  return `${lines.join("\n")}\n`;
};
