import type { Arm } from "../../../core/cohort.ts";
import { bucketOf } from "../../../core/histogram.ts";
import type { Sample } from "../../../core/sample.ts";
import { normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { aRule } from "../../../test/fixtures/a-migration.ts";
import { MINUTE_MS, migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const RULE = aRule({ signal: "tokens_total", unit: "relative", limit: 0.2, severity: "pause", reference: "baseline" });
const CALLS: Readonly<Record<Arm, number>> = { canary: 20, baseline: 380 };

/** Part of an arm's calls that tell their tokens, and part that fails without telling any. */
interface ArmSays {
  readonly known: number;
  readonly failed?: number;
}

/** Five hours of 20 canary and 380 baseline calls a minute; those that tell their tokens use 10% fewer in the canary. */
const fiveHours = (arms: Readonly<Record<Arm, ArmSays>>): string => {
  const engine = createEngine(migrationOf([RULE], 0.05));
  const random = seededRandom(5);
  const tokens = (cohort: Arm): Sample => {
    const n = Math.round(arms[cohort].known * CALLS[cohort] * (1 - (arms[cohort].failed ?? 0)));
    const mean = cohort === "canary" ? 900 : 1000;
    const values = Array.from({ length: n }, () => mean * Math.exp(0.3 * normalFrom(random)));
    const bins: Record<string, number> = {};
    for (const value of values) bins[bucketOf(value)] = (bins[bucketOf(value)] ?? 0) + 1;
    return { signal: "tokens_total", cohort, segment: "", n, sum: values.reduce((a, b) => a + b, 0), bins };
  };
  const errors = (cohort: Arm): Sample => {
    const failed = Math.round((arms[cohort].failed ?? 0) * CALLS[cohort]);
    return { signal: "error", cohort, segment: "", n: CALLS[cohort], sum: failed, bins: {} };
  };
  let said = "";
  for (let minute = 0; minute < 300; minute++) {
    const samples = [tokens("canary"), tokens("baseline"), errors("canary"), errors("baseline")].filter(
      ({ n }) => n > 0,
    );
    const calls = (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: CALLS[cohort] }));
    const time = { from: minute * MINUTE_MS, to: (minute + 1) * MINUTE_MS };
    const tick = { migration: "dirty", ...time, stage: 0, share: 0.05, calls, samples };
    const { verdicts, doubts = [] } = engine.step(tick, "outcome");
    said = doubts[0] === undefined ? (verdicts[0]?.outcome ?? "") : `doubt: ${doubts[0].detail}`;
  }
  return said;
};

const doubted = (input: string, before: string, canary: ArmSays, baseline: ArmSays): DirtyCase => ({
  input,
  right: "a doubt that names signal and shares",
  before,
  measure: () => fiveHours({ canary, baseline }),
  isRight: (said) => said.startsWith("doubt: tokens_total is known of"),
});

const sound = (input: string, canary: ArmSays, baseline: ArmSays): DirtyCase => ({
  input,
  right: "clear",
  before: "clear",
  measure: () => fiveHours({ canary, baseline }),
  isRight: (said) => said === "clear",
});

const ALL: ArmSays = { known: 1 };

/** A signal that is known of much of one arm's calls and of little of the other's. */
export const missingValues: DirtyKind = {
  kind: "values missing in one arm",
  cases: [
    doubted("tokens of 5% of the canary's answers", "clear", { known: 0.05 }, ALL),
    doubted("tokens of 5% of the baseline's answers", "clear", ALL, { known: 0.05 }),
    doubted("tokens of 80% of the canary's answers", "clear", { known: 0.8 }, ALL),
    doubted("tokens of none of the canary's answers", "undecided", { known: 0 }, ALL),
    doubted(
      "tokens of half of the canary's answers, a third of whose calls fail",
      "clear",
      { known: 0.5, failed: 1 / 3 },
      ALL,
    ),
    sound("tokens of half of the answers of both", { known: 0.5 }, { known: 0.5 }),
    sound("a third of the canary's calls fails, and tells none", { known: 1, failed: 1 / 3 }, ALL),
    sound("tokens of all answers", ALL, ALL),
  ],
};
