import type { Measure, Observation } from "../../detectors/compare/observation.ts";
import { logTwoSided } from "../../detectors/stats/normal-tail.ts";

const chanceOfNormal = (z: number): number => Math.exp(logTwoSided(z));

type Values = readonly (number | string)[];

/** Two-sided p of two shares, by the normal distribution. */
const sharesDiffer = (canary: Values, baseline: Values, has: (value: number | string) => boolean): number => {
  const [a, b] = [canary.filter(has).length, baseline.filter(has).length];
  const [n, m] = [canary.length, baseline.length];
  const pooled = (a + b) / (n + m);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return deviation === 0 ? 1 : chanceOfNormal((a / n - b / m) / deviation);
};

/** Two-sided p of Mann, Whitney and Wilcoxon, corrected for ties. */
const ranksDiffer = (canary: readonly number[], baseline: readonly number[]): number => {
  const all = [...canary.map((value) => ({ value, own: 1 })), ...baseline.map((value) => ({ value, own: 0 }))];
  all.sort((x, y) => x.value - y.value);
  const [n, m, total] = [canary.length, baseline.length, all.length];
  let [ranks, ties] = [0, 0];
  for (let from = 0; from < total; ) {
    let to = from;
    while (to < total && all[to]?.value === all[from]?.value) to += 1;
    for (const { own } of all.slice(from, to)) ranks += (own * (from + 1 + to)) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return variance === 0 ? 1 : chanceOfNormal((ranks - (n * (total + 1)) / 2) / Math.sqrt(variance));
};

const pOf = ({ name, kind }: Measure, observations: readonly Observation[]): number | null => {
  const of = (arm: Observation["arm"]): Values =>
    observations.flatMap((each) => (each.arm === arm ? [each.values.get(name) ?? []].flat() : []));
  const [canary, baseline] = [of("canary"), of("baseline")];
  if (Math.min(canary.length, baseline.length) < 5) return null;
  if (kind === "number") return ranksDiffer(canary.map(Number), baseline.map(Number));
  if (kind === "flag") return sharesDiffer(canary, baseline, (value) => value === 1);
  const labels = [...new Set([...canary, ...baseline])];
  return Math.min(
    1,
    labels.length * Math.min(...labels.map((label) => sharesDiffer(canary, baseline, (v) => v === label))),
  );
};

/** The measures that Bonferroni finds over all of them: each by its plain unpaired test, at 5% over their number. */
export const plainFindings = (
  measures: readonly Measure[],
  observations: readonly Observation[],
): readonly string[] => {
  const tested = measures.flatMap((measure) => {
    const p = pOf(measure, observations);
    return p === null ? [] : [{ name: measure.name, p }];
  });
  return tested.filter(({ p }) => p <= 0.05 / tested.length).map(({ name }) => name);
};
