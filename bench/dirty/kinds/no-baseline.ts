import type { Rule } from "../../../core/migration.ts";
import type { SignalName } from "../../../core/signals.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { rate } from "../../../test/detectors/tick-builder.ts";
import { aRule } from "../../../test/fixtures/a-migration.ts";
import { MINUTE_MS, migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const ERROR = aRule({ signal: "error", reference: "none" });
const JSON_VALID = aRule({ signal: "json_valid", limit: 0.95, direction: "drop", reference: "none" });
const REFUSAL = aRule({ signal: "refusal", unit: "points", reference: "baseline" });

/** An hour of both arms at 1% bad, then an hour without a baseline in which 60 of 100 canary calls a minute are. */
const withoutBaseline = (rule: Rule, share: number): string => {
  const engine = createEngine(migrationOf([rule], share));
  const signal = rule.signal as SignalName;
  const events = (bad: number, n: number): number => (rule.direction === "drop" ? n - bad : bad);
  let said = "";
  for (let minute = 0; minute < 120; minute++) {
    const both = [rate(signal, "canary", 100, events(1, 100)), rate(signal, "baseline", 100, events(1, 100))];
    const samples = minute < 60 ? both : [rate(signal, "canary", 100, events(60, 100))];
    const calls = samples.map(({ cohort, n }) => ({ cohort, segment: "", calls: n }));
    const isAlone = minute >= 60 && share === 1;
    const time = { from: minute * MINUTE_MS, to: (minute + 1) * MINUTE_MS };
    const tick = { migration: "dirty", ...time, stage: isAlone ? 1 : 0, share: isAlone ? 1 : 0.5, calls, samples };
    const { verdicts, doubts = [] } = engine.step(tick, "outcome");
    const [verdict] = verdicts;
    const why = verdict?.outcome === "undecided" ? ` (${verdict.why})` : "";
    said = `${verdict?.outcome}${why}${doubts.map(({ reason }) => `, doubt ${reason}`).join("")}`;
    if (verdict?.outcome === "breach") return `breach after ${minute - 59} min`;
  }
  return said;
};

const broken = (input: string, rule: Rule, share: number): DirtyCase => ({
  input: `${input}, 1% to 60% bad in ${share === 1 ? "a stage of 100%" : "a stage whose baseline stops"}`,
  right: "breach within 5 min",
  before: share === 1 ? "undecided (not-proven)" : "undecided (ingest-lag), doubt ingest-lag",
  measure: () => withoutBaseline(rule, share),
  isRight: (said) => /^breach after [1-5] min$/.test(said),
});

/** A limit that says a number is judged without a baseline; what compares says that it cannot. */
export const noBaseline: DirtyKind = {
  kind: "no baseline calls",
  cases: [
    broken("errors, at most 5%", ERROR, 1),
    broken("errors, at most 5%", ERROR, 0.5),
    broken("valid JSON, at least 95%", JSON_VALID, 1),
    broken("valid JSON, at least 95%", JSON_VALID, 0.5),
    {
      input: "refusals against the baseline, in a stage of 100%",
      right: "undecided (no-baseline)",
      before: "undecided (no-data)",
      measure: () => withoutBaseline(REFUSAL, 1),
      isRight: (said) => said === "undecided (no-baseline)",
    },
    {
      input: "refusals against the baseline, in a stage whose baseline stops",
      right: "undecided (no-baseline), doubt no-baseline",
      before: "undecided (ingest-lag), doubt ingest-lag",
      measure: () => withoutBaseline(REFUSAL, 0.5),
      isRight: (said) => said.startsWith("undecided (no-baseline), doubt no-baseline"),
    },
  ],
};
