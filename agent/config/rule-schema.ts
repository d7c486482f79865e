import { z } from "zod";
import { evaluationProblem, isEvaluationSignal } from "../../core/evaluation-signal.ts";
import { membersOf } from "../../core/exhaustive.ts";
import type { Rule, RuleDirection, RuleReference, RuleUnit, Severity } from "../../core/migration.ts";
import { parsePercent } from "../../core/parse-amount.ts";
import { quantileText } from "../../core/quantile-text.ts";
import { RULE_UNITS } from "../../core/rule-units/rule-units.ts";
import {
  isCatalogueSignal,
  type RuleSignal,
  SIGNAL_NAMES,
  type SignalDefinition,
  signalOf,
} from "../../core/signals.ts";
import { unsupported } from "../../detectors/create-segment-detector.ts";
import { unknownName } from "./problem.ts";

const UNITS = membersOf(RULE_UNITS);
const DIRECTIONS = membersOf<RuleDirection>({ increase: true, drop: true, either: true });
/** An absolute limit is what refers to nothing; it is not written. */
const REFERENCES = membersOf<Exclude<RuleReference, "none">>({ baseline: true, projection: true });
const SEVERITIES = membersOf<Severity>({ rollback: true, pause: true });
/** What a rule can name; of evaluations there are as many as there are names. */
const NAMES: readonly string[] = [...SIGNAL_NAMES, "output_shape", "evaluation.<name>"];

/** A rule as it is written in the migration document. */
interface WrittenRule {
  readonly signal: string;
  readonly quantile?: number | undefined;
  readonly limit?: string | number | undefined;
  readonly unit?: RuleUnit | undefined;
  readonly orRelative?: string | undefined;
  readonly direction?: RuleDirection | undefined;
  readonly reference?: Exclude<RuleReference, "none"> | undefined;
  readonly by?: string | undefined;
  readonly severity: Severity;
}

/** Schema of one rule as written; meaning is checked by `readRule`. */
export const writtenRule: z.ZodType<WrittenRule> = z.strictObject({
  signal: z.string(),
  quantile: z.number().gte(50).lt(100).optional(),
  limit: z.union([z.string(), z.number()]).optional(),
  unit: z.enum(UNITS).optional(),
  orRelative: z.string().optional(),
  direction: z.enum(DIRECTIONS).optional(),
  reference: z.enum(REFERENCES).optional(),
  by: z.string().min(1).optional(),
  severity: z.enum(SEVERITIES),
});

/** Something wrong with a rule: which key, and what. */
export interface RuleProblem {
  readonly key: string;
  readonly text: string;
}

const idOf = (rule: Omit<Rule, "id">): string =>
  [
    rule.signal,
    ...(rule.quantile === null ? [] : [quantileText(rule.quantile), rule.unit ?? ""]),
    ...(rule.by === null ? [] : [`by_${rule.by}`]),
  ].join(".");

const DIRECTION: Readonly<Record<SignalDefinition["worse"], RuleDirection>> = {
  up: "increase",
  down: "drop",
  either: "either",
};

const outputShape = (written: WrittenRule): Rule | RuleProblem => {
  const extra = (["limit", "unit", "orRelative", "quantile", "direction", "reference", "by"] as const).find(
    (key) => written[key] !== undefined,
  );
  if (extra !== undefined)
    return { key: extra, text: "output_shape takes no such key; expected only signal and severity" };
  const base = {
    quantile: null,
    limit: null,
    unit: null,
    direction: "either",
    reference: "baseline",
    projection: null,
    by: null,
  } as const;
  return { id: "output_shape", signal: "output_shape", severity: written.severity, ...base };
};

const readSignal = (name: string): RuleSignal | RuleProblem => {
  if (name === "output_shape" || isCatalogueSignal(name)) return name;
  const text = isEvaluationSignal(name) ? evaluationProblem(name) : unknownName("signal", name, NAMES);
  return text === null ? (name as RuleSignal) : { key: "signal", text };
};

const projectionFor = (
  written: WrittenRule,
  projections: Readonly<Record<string, number>>,
): number | null | RuleProblem => {
  if (written.reference !== "projection") return null;
  const value = projections[written.signal];
  return (
    value ?? {
      key: "reference",
      text: `there is no projection; expected projections: { ${written.signal}: … } in the document`,
    }
  );
};

/** The larger limit that a written rule may name beside its own, as part of the rule. */
const readOrRelative = ({ orRelative }: WrittenRule): Pick<Rule, "orRelative"> | RuleProblem => {
  if (orRelative === undefined) return {};
  const share = parsePercent(orRelative);
  return share === null
    ? { key: "orRelative", text: `${JSON.stringify(orRelative)}; expected a percentage such as 10%` }
    : { orRelative: share };
};

/** Turns a written rule into the engine's; the first thing wrong with it otherwise. */
export const readRule = (written: WrittenRule, projections: Readonly<Record<string, number>>): Rule | RuleProblem => {
  const signal = readSignal(written.signal);
  if (typeof signal !== "string") return signal;
  if (signal === "output_shape") return outputShape(written);
  const definition = signalOf(signal);
  if (written.unit === undefined) return { key: "unit", text: `missing; expected one of ${UNITS.join(", ")}` };
  if (written.limit === undefined) return { key: "limit", text: "missing; expected how far the signal may go" };
  const unit = RULE_UNITS[written.unit];
  const direction = written.direction ?? unit.direction ?? DIRECTION[definition.worse];
  const limit = unit.read(written.limit, definition, direction);
  if (typeof limit !== "number") {
    return {
      key: "limit",
      text: `${JSON.stringify(written.limit)} with unit ${written.unit}; expected ${limit.expected}`,
    };
  }
  const projection = projectionFor(written, projections);
  if (projection !== null && typeof projection !== "number") return projection;
  const larger = readOrRelative(written);
  if ("key" in larger) return larger;
  const rule = {
    signal,
    quantile: written.quantile === undefined ? null : written.quantile / 100,
    limit,
    unit: written.unit,
    ...larger,
    direction,
    reference: unit.reference ?? written.reference ?? "baseline",
    projection,
    by: written.by ?? null,
    severity: written.severity,
  } as const;
  const complete: Rule = { id: idOf(rule), ...rule };
  const refusal = unsupported(complete);
  return refusal === null ? complete : { key: "signal", text: `${refusal.problem}; expected ${refusal.expected}` };
};

/** What `rules: playbook` stands for: its standard limits. A change makes another hash; see earlierPlaybook. */
export const PLAYBOOK: readonly WrittenRule[] = [
  { signal: "error", limit: "5%", unit: "absolute", severity: "rollback" },
  {
    signal: "latency_ms",
    quantile: 99,
    limit: "200ms",
    unit: "absolute-increase",
    orRelative: "10%",
    severity: "rollback",
  },
  { signal: "quality", limit: 5, unit: "points", direction: "drop", severity: "rollback" },
  { signal: "tool_call_valid", limit: "10%", unit: "relative", direction: "drop", severity: "rollback" },
  {
    signal: "cost_usd",
    limit: "20%",
    unit: "relative",
    direction: "increase",
    reference: "projection",
    severity: "rollback",
  },
  { signal: "tokens_total", limit: "20%", unit: "relative", direction: "increase", severity: "pause" },
  { signal: "refusal", limit: 5, unit: "points", direction: "either", by: "input_type", severity: "pause" },
  { signal: "latency_ms", quantile: 99, limit: "40%", unit: "relative", direction: "increase", severity: "pause" },
  { signal: "support_tickets", limit: "15%", unit: "relative", direction: "increase", severity: "pause" },
  { signal: "output_shape", severity: "pause" },
];

/** The rules that `rules: playbook` stood for before a p99 could be limited by a share: a migration may have begun with them. */
export const earlierPlaybook = (rules: readonly Rule[]): readonly Rule[] =>
  rules.map(({ orRelative: _, ...rule }) => rule);
