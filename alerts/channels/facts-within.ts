import type { Notice } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { oneLine } from "./one-line.ts";

/** How much of the facts a receiver takes. */
export interface FactLimits {
  /** Longest label and longest value, characters. */
  readonly label: number;
  readonly value: number;
  /** All of them together, bytes as JSON. */
  readonly bytes: number;
}

const jsonBytes = (fact: readonly [string, string]): number => Buffer.byteLength(JSON.stringify(fact));

/** Labels told apart: the second of a name is `Name (2)`. */
const numbered = (labels: readonly string[]): readonly string[] => {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const nth = (seen.get(label) ?? 0) + 1;
    seen.set(label, nth);
    return nth === 1 ? label : `${label} (${nth})`;
  });
};

/**
 * The facts a receiver takes, each on one line and no label twice. Where they are more than fit, the last one says how many are not
 * shown.
 */
export const factsWithin = (facts: Notice["facts"], { label, value, bytes }: FactLimits): Notice["facts"] => {
  const labels = numbered(facts.map(([name]) => clamp(oneLine(name), label) || "–"));
  const shown: (readonly [string, string])[] = [];
  let left = bytes;
  for (const [i, [, text]] of facts.entries()) {
    const fact = [labels[i] ?? "–", clamp(oneLine(text), value) || "–"] as const;
    left -= jsonBytes(fact) + 1;
    if (left < 0) return [...shown, ["More", `${facts.length - shown.length} facts are not shown`]];
    shown.push(fact);
  }
  return shown;
};
