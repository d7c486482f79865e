import { z } from "zod";
import { membersOf, unreachable } from "../../core/exhaustive.ts";
import type { Rule, RuleDirection, RuleReference, RuleUnit, Severity } from "../../core/migration.ts";
import { quantileText } from "../../core/quantile-text.ts";
import { type RuleSignal, SIGNALS, type SignalDefinition } from "../../core/signals.ts";
import { unsupported } from "../../detectors/create-segment-judge.ts";
import { unknownName } from "./problem.ts";
import { parseDuration, parsePercent } from "./units.ts";

/** What a unit says beside the number: the direction of a rule that names none, and what it is held against. */
const UNIT: Readonly<
  Record<RuleUnit, { readonly direction: RuleDirection | null; readonly reference: RuleReference | null }>
> = {
  points: { direction: null, reference: null },
  relative: { direction: null, reference: null },
  absolute: { direction: null, reference: "none" },
  "absolute-increase": { direction: "increase", reference: null },
};
const UNITS = membersOf(UNIT);
const DIRECTIONS = membersOf<RuleDirection>({ increase: true, drop: true, either: true });
/** An absolute limit is what refers to nothing; it is not written. */
const REFERENCES = membersOf<Exclude<RuleReference, "none">>({ baseline: true, projection: true });
const SEVERITIES = membersOf<Severity>({ rollback: true, pause: true });
const SIGNAL_NAMES: readonly string[] = [...Object.keys(SIGNALS), "output_shape"];

/** A rule as it is written in the migration document. */
interface WrittenRule {
  readonly signal: string;
  readonly quantile?: number | undefined;
  readonly limit?: string | number | undefined;
  readonly unit?: RuleUnit | undefined;
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

type LimitRead = number | { readonly expected: string };

const asPercent = (limit: string | number): LimitRead => {
  const share = typeof limit === "string" ? parsePercent(limit) : null;
  return share ?? { expected: "a percentage such as 5%" };
};

const asAmount = (limit: string | number, { kind, unit }: SignalDefinition): LimitRead => {
  if (kind !== "value") return { expected: `unit: points or relative, as the signal is a ${unit}` };
  if (unit !== "ms") return typeof limit === "number" && limit >= 0 ? limit : { expected: `a number of ${unit}` };
  const ms = typeof limit === "string" ? parseDuration(limit) : null;
  return ms ?? { expected: "a duration such as 200ms or 2s" };
};

/** A drop of all or more can never be seen, so a rule about it would never fire. */
const asRelative = (limit: string | number, direction: Rule["direction"]): LimitRead => {
  const share = asPercent(limit);
  return direction === "increase" || typeof share !== "number" || share < 1
    ? share
    : { expected: "less than 100% for a drop" };
};

const asPoints = (limit: string | number): LimitRead =>
  typeof limit === "number" && limit >= 0 && limit < 100
    ? limit / 100
    : { expected: "points, a number from 0 to below 100" };

/** A share stands by itself as a percentage, an amount in the signal's unit. */
const asAbsolute = (limit: string | number, signal: SignalDefinition): LimitRead => {
  switch (signal.kind) {
    case "value": {
      const amount = asAmount(limit, signal);
      return typeof amount !== "number" || amount > 0 ? amount : { expected: "more than 0" };
    }
    case "rate":
    case "score":
    case "category":
    case "labels": {
      const share = asPercent(limit);
      return typeof share !== "number" || (share > 0 && share < 1)
        ? share
        : { expected: "a percentage between 0% and 100%" };
    }
    default:
      return unreachable(signal.kind);
  }
};

/** The limit as the engine wants it: shares and points 0-1, amounts in the signal's unit. */
const readLimit = (
  limit: string | number,
  unit: RuleUnit,
  direction: Rule["direction"],
  signal: SignalDefinition,
): LimitRead => {
  switch (unit) {
    case "relative":
      return asRelative(limit, direction);
    case "points":
      return asPoints(limit);
    case "absolute":
      return asAbsolute(limit, signal);
    case "absolute-increase":
      return asAmount(limit, signal);
    default:
      return unreachable(unit);
  }
};

const idOf = (rule: Omit<Rule, "id">): string =>
  [
    rule.signal,
    ...(rule.quantile === null ? [] : [quantileText(rule.quantile, 3), rule.unit ?? ""]),
    ...(rule.by === null ? [] : [`by_${rule.by}`]),
  ].join(".");

const DIRECTION: Readonly<Record<SignalDefinition["worse"], RuleDirection>> = {
  up: "increase",
  down: "drop",
  either: "either",
};

const outputShape = (written: WrittenRule): Rule | RuleProblem => {
  const extra = (["limit", "unit", "quantile", "direction", "reference", "by"] as const).find(
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

const isSignal = (name: string): name is RuleSignal => SIGNAL_NAMES.includes(name);

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

/** Turns a written rule into the engine's; the first thing wrong with it otherwise. */
export const readRule = (written: WrittenRule, projections: Readonly<Record<string, number>>): Rule | RuleProblem => {
  const { signal } = written;
  if (!isSignal(signal)) return { key: "signal", text: unknownName("signal", signal, SIGNAL_NAMES) };
  if (signal === "output_shape") return outputShape(written);
  const definition = SIGNALS[signal];
  if (written.unit === undefined) return { key: "unit", text: `missing; expected one of ${UNITS.join(", ")}` };
  if (written.limit === undefined) return { key: "limit", text: "missing; expected how far the signal may go" };
  const unit = UNIT[written.unit];
  const direction = written.direction ?? unit.direction ?? DIRECTION[definition.worse];
  const limit = readLimit(written.limit, written.unit, direction, definition);
  if (typeof limit !== "number") {
    return {
      key: "limit",
      text: `${JSON.stringify(written.limit)} with unit ${written.unit}; expected ${limit.expected}`,
    };
  }
  const projection = projectionFor(written, projections);
  if (projection !== null && typeof projection !== "number") return projection;
  const rule = {
    signal,
    quantile: written.quantile === undefined ? null : written.quantile / 100,
    limit,
    unit: written.unit,
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

/** What `rules: playbook` stands for. */
export const PLAYBOOK: readonly WrittenRule[] = [
  { signal: "error", limit: "5%", unit: "absolute", severity: "rollback" },
  { signal: "latency_ms", quantile: 99, limit: "200ms", unit: "absolute-increase", severity: "rollback" },
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
