import type { BesideResult } from "../../agent/beside/run-beside.ts";

const lineOf = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`  ${count}  ${what}`]);

/** What a run of `leeway shadow` came to, for people. */
export const renderBeside = (
  migration: string,
  { outcomes, before, otherService, notAskable, stopped }: BesideResult,
): string => {
  const lines = [
    ...Object.entries(outcomes).flatMap(([outcome, count]) => lineOf(count, outcome)),
    ...Object.entries(notAskable).flatMap(([why, count]) => lineOf(count, `of those not askable: ${why}`)),
    ...lineOf(before, "had been asked before"),
    ...lineOf(otherService, "of another service"),
  ];
  const end = stopped === "" ? [] : [`stopped: ${stopped}; the next run goes on from here`];
  return `${[`${migration}: stored calls asked again`, ...(lines.length === 0 ? ["  none"] : lines), ...end].join("\n")}\n`;
};
