import { evidenceText } from "../../../alerts/evidence-text.ts";
import type { Rule } from "../../../core/migration.ts";
import { quantileText } from "../../../core/quantile-text.ts";
import type { Sample } from "../../../core/sample.ts";
import { binomialFrom, normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { undecidedText } from "../../../core/undecided-text.ts";
import type { Verdict } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { breachReason } from "../../../lifecycle/breach-reason.ts";
import { rate, tick, values } from "../../../test/detectors/tick-builder.ts";
import { migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const ruleOf = (fields: Partial<Rule> & Pick<Rule, "signal">): Rule => ({
  ...{ id: fields.signal, quantile: null, limit: 0.05, unit: "points", direction: "increase" },
  ...{ reference: "baseline", projection: null, by: null, severity: "pause" },
  ...fields,
});

/** The last verdict, or that of the breach. */
const lastOf = (rule: Rule, minutes: number, samplesOf: (minute: number) => readonly Sample[]): Verdict | undefined => {
  const engine = createEngine(migrationOf([rule]));
  for (let minute = 0; ; minute++) {
    const [verdict] = engine.step(tick(minute, samplesOf(minute))).verdicts;
    if (verdict === undefined || verdict.outcome === "breach" || minute === minutes - 1) return verdict;
  }
};

/** What people read of it. */
const read = (...judged: Parameters<typeof lastOf>): string => {
  const verdict = lastOf(...judged);
  if (verdict === undefined) return "nothing";
  if (verdict.outcome === "undecided") return undecidedText(verdict, verdict.evidence.unit ?? "");
  return verdict.outcome === "breach" ? breachReason(verdict) : verdict.outcome;
};

const random = (): (() => number) => seededRandom(5);
const lognormal = (from: () => number, n: number, middle: number, sd: number): number[] =>
  Array.from({ length: n }, () => middle * Math.exp(sd * normalFrom(from)));

const HEALTHY = 400;

const says = (input: string, right: string, before: string, measure: () => string, is: RegExp): DirtyCase => ({
  ...{ input, right, before, measure },
  isRight: (said) => is.test(said),
});

/** Verdicts that were right and told in words nobody could believe, or act on. */
export const whatPeopleRead: DirtyKind = {
  kind: "what people read of a verdict",
  cases: [
    says(
      "tokens +35% after 6.7 healthy hours, limit +20%",
      "the value since then, in tokens, beside the stage's",
      "tokens_total: 164 over 8840 canary calls, limit 190, baseline 158; log e 3.4 of 3.0",
      () => {
        const from = random();
        return read(ruleOf({ signal: "tokens_total", unit: "relative", limit: 0.2 }), HEALTHY + 200, (minute) => [
          values("tokens_total", "canary", lognormal(from, 20, minute < HEALTHY ? 140 : 190, 0.5)),
          values("tokens_total", "baseline", lognormal(from, 380, 140, 0.5)),
        ]);
      },
      /canary 2\d\d tokens \([\d,]+ calls\) since .+ UTC, limit 1\d\d tokens.+this stage in all canary 1\d\d tokens/,
    ),
    says(
      "9 refusals in 20 calls a minute against 0 in 11, limit 5 points: 6 minutes",
      "a breach",
      "too few calls to judge yet",
      () =>
        read(ruleOf({ signal: "refusal", direction: "either", by: "input_type" }), 6, () => [
          rate("refusal", "canary", 20, 9, "input_type=faq"),
          rate("refusal", "baseline", 11, 0, "input_type=faq"),
        ]),
      /^refusal in input_type=faq: canary 45% \(\d+ of \d+ calls\)/,
    ),
    says(
      "the same after 5 minutes, while nobody knows how alike calls of one user are",
      "how many calls, how long, why the interval is no breach",
      "too few calls to judge yet",
      () =>
        read(ruleOf({ signal: "refusal", direction: "either", by: "input_type" }), 5, () => [
          rate("refusal", "canary", 20, 9, "input_type=faq"),
          rate("refusal", "baseline", 11, 0, "input_type=faq"),
        ]),
      /\d+ of about \d+ canary calls seen, about .+ more .+interval.+beyond the limit of 5%/,
    ),
    says(
      "p99 of 1 s against 170 ms, 1600 baseline calls of 2000",
      "how many calls, how long, why the interval is no breach",
      "the baseline needs more calls first",
      () => {
        const from = random();
        const p99 = ruleOf({ signal: "latency_ms", quantile: 0.99, unit: "absolute-increase", limit: 200 });
        return read(p99, 8, () => [
          values("latency_ms", "canary", lognormal(from, 100, 900, 0.05)),
          values("latency_ms", "baseline", lognormal(from, 200, 150, 0.05)),
        ]);
      },
      /1,600 of 2,000 baseline calls seen, about 2 min more .+ is beyond the limit of/,
    ),
    says(
      "two segments are clear, one has a call a minute",
      "which one holds it, how many calls and how long yet",
      "too few calls to judge yet",
      () => {
        const from = random();
        return read(ruleOf({ signal: "refusal", direction: "either", by: "input_type" }), 60, () =>
          [["faq", 40] as const, ["billing", 40] as const, ["legal", 1] as const].flatMap(([name, n]) => [
            rate("refusal", "canary", n, binomialFrom(from, n, 0.02), `input_type=${name}`),
            rate("refusal", "baseline", 4 * n, binomialFrom(from, 4 * n, 0.02), `input_type=${name}`),
          ]),
        );
      },
      /in input_type=legal \(2 of 3 segments are clear\) \d+ of .+ canary calls seen, about .+ more at 60 an hour/,
    ),
    says(
      "the notice of: p99 at most 2 s, 3% of the calls above",
      "shares, of the calls above 2 s",
      "p99 of latency_ms 0.03 ms, limit 0.01 ms",
      () => {
        const p99 = ruleOf({ signal: "latency_ms", quantile: 0.99, unit: "absolute", limit: 2000, reference: "none" });
        const verdict = lastOf(p99, 200, () => [
          values(
            "latency_ms",
            "canary",
            Array.from({ length: 100 }, (_, i) => (i < 3 ? 4000 : 500)),
          ),
          values(
            "latency_ms",
            "baseline",
            Array.from({ length: 400 }, () => 500),
          ),
        ]);
        return verdict === undefined ? "nothing" : evidenceText(migrationOf([p99]), verdict).headline;
      },
      /^calls above 2 s of latency_ms 3%, limit 1%$/,
    ),
    says("a rule about p99.995", "p99.995", "p100", () => quantileText(0.99995), /^p99\.995$/),
  ],
};
