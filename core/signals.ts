import { type EvaluationSignal, isEvaluationSignal } from "./evaluation-signal.ts";
import { unreachable } from "./exhaustive.ts";
import {
  COUNTED,
  MEASURES,
  type Measure,
  type MeasureKind,
  type MeasuresLike,
  measuresWhere,
  type Worse,
} from "./measures.ts";

/**
 * How a signal is summed up in a sample.
 * - `rate`: the call has the event or not; n calls, sum events.
 * - `value`: a positive number, kept as counts per logarithmic bucket (see histogram.ts).
 * - `score`: a number in [0, 1], kept as counts per hundredth (bins "0" to "100").
 * - `category`: a label, kept as counts per label.
 * - `labels`: any number of different labels, kept as calls per label; n are the calls that could have had some.
 */
export type SignalKind = "rate" | "value" | "score" | "category" | "labels";

/** Kinds with a number that can be held against a limit: a rate, a mean or a quantile. */
export type MeasuredKind = Exclude<SignalKind, "category" | "labels">;

/** The kind where it has a number that can be held against a limit; null for labels. */
export const measuredKind = (kind: SignalKind): MeasuredKind | null => {
  switch (kind) {
    case "rate":
    case "value":
    case "score":
      return kind;
    case "category":
    case "labels":
      return null;
    default:
      return unreachable(kind);
  }
};

/** What a signal is. */
export interface SignalDefinition {
  readonly kind: SignalKind;
  /** Unit people read: `share`, `ms`, `tokens`, `USD`, `characters`, `label`. */
  readonly unit: string;
  readonly worse: Worse;
  /** One line for people. */
  readonly about: string;
  /** Which calls or answers it counts, for people: the n of its share, mean or quantile. */
  readonly of: string;
}

/** Name of a signal of the catalogue: of a measure with a way that is worse. */
export type CatalogueSignal = MeasuresLike<{ readonly worse: Worse }>;

/** Name of a signal: one of the catalogue, or of the evaluations of any name. */
export type SignalName = CatalogueSignal | EvaluationSignal;

/** What a rule may be about: a signal, or the shape of the output as a whole. */
export type RuleSignal = SignalName | "output_shape";

const KINDS: Readonly<Record<MeasureKind, { readonly kind: SignalKind; readonly unit: string }>> = {
  flag: { kind: "rate", unit: "share" },
  share: { kind: "score", unit: "share" },
  count: { kind: "value", unit: "" },
  number: { kind: "value", unit: "" },
  label: { kind: "category", unit: "label" },
  labels: { kind: "labels", unit: "label" },
};

const definitionOf = (measure: Measure, worse: Worse): SignalDefinition => {
  const { kind, unit } = KINDS[measure.kind];
  return { kind, unit: measure.unit ?? unit, worse, about: measure.about, of: COUNTED[measure.of ?? "every call"] };
};

const isSignalMeasure = (measure: Measure): boolean => "worse" in measure;

/** Names of the catalogue's signals, in its order. */
export const SIGNAL_NAMES: readonly CatalogueSignal[] = measuresWhere(isSignalMeasure) as CatalogueSignal[];

/** The catalogue's signals: every one a rule may name, but for the evaluations. */
export const SIGNALS: Readonly<Record<CatalogueSignal, SignalDefinition>> = Object.fromEntries(
  SIGNAL_NAMES.map((name) => {
    const measure: Measure = MEASURES[name];
    return [name, definitionOf(measure, "worse" in measure ? (measure.worse ?? "either") : "either")];
  }),
) as Readonly<Record<CatalogueSignal, SignalDefinition>>;

/**
 * Every evaluation is judged as a score, which a yes or no (1 or 0) is too: its mean is a share, and the bets on the
 * mean are those on a rate.
 */
const EVALUATION: SignalDefinition = {
  kind: "score",
  unit: "share",
  worse: "down",
  about: "the scores of that name that arrive, 0 to 1; yes or no counts as 1 or 0",
  of: "answers a score of that name arrived for",
};

/** True for the name of a signal of the catalogue. */
export const isCatalogueSignal = (name: string): name is CatalogueSignal => Object.hasOwn(SIGNALS, name);

/** True for the name of a signal. */
export const isSignalName = (name: string): name is SignalName => isCatalogueSignal(name) || isEvaluationSignal(name);

/** What a signal is, also that of an evaluation. */
export const signalOf = (name: SignalName): SignalDefinition => (isEvaluationSignal(name) ? EVALUATION : SIGNALS[name]);

/** The features that have to be proven like the baseline's for the rule `output_shape` to be clear. */
export const OUTPUT_SHAPE_SIGNALS: readonly CatalogueSignal[] = SIGNAL_NAMES.filter(
  (name) => "keepsStill" in MEASURES[name],
);
