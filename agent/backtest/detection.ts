import type { Migration, Severity } from "../../core/migration.ts";
import type { Injection } from "./injection.ts";
import type { HalvesRun } from "./run-halves.ts";

/** How soon breaches came, over runs. Null = not reached by enough of them. Durations ms, calls of the canary. */
export interface TimeToBreach {
  /** Runs in which it was breached after the regression was put in. */
  readonly found: number;
  readonly runs: number;
  readonly median: { readonly ms: number; readonly calls: number } | null;
  readonly p95: { readonly ms: number; readonly calls: number } | null;
}

/** How soon a regression that was put in was found. */
export interface Detection {
  readonly injected: readonly string[];
  /** When it was put in, epoch ms. */
  readonly since: number;
  /** By whichever rule was first. */
  readonly any: TimeToBreach;
  readonly rules: readonly (TimeToBreach & { readonly rule: string; readonly severity: Severity })[];
}

interface Found {
  readonly ms: number;
  readonly calls: number;
}

/** The q-quantile over all runs; those in which nothing was found count as later than all others. */
const quantileOver = (found: readonly Found[], runs: number, q: number): Found | null => {
  const at = Math.ceil(q * runs) - 1;
  const by = (key: keyof Found): number | undefined => found.map((each) => each[key]).sort((a, b) => a - b)[at];
  const [ms, calls] = [by("ms"), by("calls")];
  return ms === undefined || calls === undefined ? null : { ms, calls };
};

const summarize = (found: readonly (Found | null)[]): TimeToBreach => {
  const hits = found.filter((each) => each !== null);
  return {
    found: hits.length,
    runs: found.length,
    median: quantileOver(hits, found.length, 0.5),
    p95: quantileOver(hits, found.length, 0.95),
  };
};

const foundBy = ({ rules, callsToBreach }: HalvesRun, rule: number, since: number): Found | null => {
  const [breach, calls] = [rules[rule]?.breach ?? null, callsToBreach[rule] ?? null];
  // A breach before anything was put in is a false alarm, and finds nothing afterwards.
  return breach === null || calls === null || breach.at <= since ? null : { ms: breach.at - since, calls };
};

const earliest = (found: readonly (Found | null)[]): Found | null =>
  found.reduce((first, each) => (each !== null && (first === null || each.ms < first.ms) ? each : first), null);

/** Times and calls to the first breach after `since`, over `runs`. */
export const summarizeDetection = (
  { rules }: Migration,
  injections: readonly Injection[],
  runs: readonly HalvesRun[],
  since: number,
): Detection => ({
  injected: injections.map(({ text }) => text),
  since,
  any: summarize(runs.map((run) => earliest(rules.map((_, i) => foundBy(run, i, since))))),
  rules: rules.map(({ id, severity }, i) => ({
    rule: id,
    severity,
    ...summarize(runs.map((run) => foundBy(run, i, since))),
  })),
});
