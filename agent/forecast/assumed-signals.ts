import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import {
  type CatalogueSignal,
  type MeasuredKind,
  measuredKind,
  type SignalName,
  signalOf,
} from "../../core/signals.ts";
import { assumptionFor, levelAtLimit } from "../../detectors/power/assumed-calls.ts";
import { MEASURED_SIGNALS } from "../../store/fold/design-effects.ts";
import { traitShare } from "./user-luck.ts";

/** One signal of assumed calls, of one user after the other. */
export interface AssumedSignal {
  readonly name: SignalName;
  /** Part of the calls that carry it, 0-1. */
  readonly known: number;
  readonly kind: MeasuredKind;
  /** Rate, mean score, or median of a log-normal value. */
  readonly level: number;
  /** What it is of the canary's calls: the same, where the candidate is healthy. */
  readonly canaryLevel: number;
  /** Standard deviation: of the score, or of the value's logarithm; unused for rates. */
  readonly spread: number;
  /** Part of a call's variance that its user's lasting traits make, 0-1. */
  readonly trait: number;
  /** Segment names that a rule compares it within. */
  readonly by: readonly string[];
  /** Whether it is known with the call; of what becomes known later the store tells the likeness of the newest calls alone. */
  readonly isOfCall: boolean;
}

/** Values of each segment name, and their parts of the calls: what a document does not say. */
export const ASSUMED_VALUES: readonly { readonly value: string; readonly share: number }[] = [
  { value: "most", share: 0.6 },
  { value: "some", share: 0.3 },
  { value: "few", share: 0.1 },
];

/** Scores come for a tenth of the calls, and tools are called in four of ten; the rest is known of every call. */
const knownOf = (name: SignalName): number => {
  if (isEvaluationSignal(name) || name === "quality") return 0.1;
  return name === "tool_call_valid" ? 0.4 : 1;
};

const OF_CALLS: ReadonlySet<string> = new Set(MEASURED_SIGNALS);

type Assumed = Pick<AssumedSignal, "kind" | "level" | "spread">;

const signalAs = (name: SignalName, assumed: Assumed, by: readonly string[]): AssumedSignal => ({
  ...{ name, known: knownOf(name), ...assumed, canaryLevel: assumed.level },
  ...{ trait: traitShare(name), by, isOfCall: OF_CALLS.has(name) },
});

/** What stands for the output: its length, and two habits. */
const OUTPUT: readonly (readonly [CatalogueSignal, Assumed])[] = [
  ["output_chars", { kind: "value", level: 400, spread: 0.5 }],
  ["bullets", { kind: "rate", level: 0.3, spread: 0 }],
  ["code_fence", { kind: "rate", level: 0.15, spread: 0 }],
];

/** Of several rules on one signal the one that names a number says where the baseline is. */
const firmest = (rules: readonly Rule[]): Rule | undefined =>
  rules.find(({ reference }) => reference === "projection") ??
  rules.find(({ unit }) => unit === "absolute") ??
  rules[0];

const segmentNames = (rules: readonly Rule[]): readonly string[] => [
  ...new Set(rules.flatMap(({ by }) => (by === null ? [] : [by]))),
];

/** The signals that a migration's rules are about, as the power of a rule assumes them; each once. */
export const assumedSignals = ({ rules }: Pick<Migration, "rules">): readonly AssumedSignal[] => {
  const named = Map.groupBy(
    rules.filter(({ signal }) => signal !== "output_shape"),
    ({ signal }) => signal,
  );
  const own = [...named].flatMap(([signal, all]): readonly AssumedSignal[] => {
    const rule = firmest(all);
    if (rule === undefined || signal === "output_shape") return [];
    const kind = measuredKind(signalOf(signal).kind);
    // Rules about labels were refused before.
    return kind === null ? [] : [signalAs(signal, { ...assumptionFor(rule, signal), kind }, segmentNames(all))];
  });
  const hasShape = rules.some(({ signal }) => signal === "output_shape");
  const others = OUTPUT.filter(([name]) => own.every((each) => each.name !== name));
  return [...own, ...(hasShape ? others.map(([name, assumed]) => signalAs(name, assumed, [])) : [])];
};

/** The same signals with a candidate that has gone as far as this rule allows; null where the rule has no limit to go to. */
export const signalsAtLimit = (migration: Pick<Migration, "rules">, rule: Rule): readonly AssumedSignal[] | null => {
  const { signal } = rule;
  if (signal === "output_shape" || rule.limit === null) return null;
  return assumedSignals(migration).map((each) =>
    each.name === signal ? { ...each, canaryLevel: levelAtLimit(rule, each) } : each,
  );
};
