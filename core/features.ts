import { MEASURES, type Measure, type MeasureFamily, type MeasuresLike, measuresWhere } from "./measures.ts";

/** One entry of the feature catalogue. */
export interface FeatureDefinition {
  readonly family: MeasureFamily;
  /** `flag`: 1 yes, 0 no; `count`: 0 and up; `share`: 0 to 1; `number`: any. */
  readonly kind: "flag" | "count" | "share" | "number";
  /** One line for people. */
  readonly about: string;
}

/** Names of the measured properties of an answer; each is an attribute `leeway.output.<name>`. */
export type FeatureName = MeasuresLike<{ readonly from: "answer"; readonly kind: FeatureDefinition["kind"] }>;

/** Names of the properties of an answer, or its request, that are a label; each is an attribute `leeway.output.<name>`. */
export type FeatureLabel = MeasuresLike<{ readonly from: "answer" | "request"; readonly kind: "label" }>;

const isRecorded = ({ from }: Measure): boolean => from === "answer" || from === "request";

const isLabel = (measure: Measure): boolean => isRecorded(measure) && measure.kind === "label";

const isNumber = (measure: Measure): boolean => isRecorded(measure) && measure.kind !== "label";

const definitions = (isOne: (measure: Measure) => boolean): Readonly<Record<string, Measure>> =>
  Object.fromEntries(measuresWhere(isOne).map((name) => [name, MEASURES[name]]));

/** Every output feature that is a number, by name. What is unknown or does not apply is left out, never 0. */
export const FEATURES: Readonly<Record<FeatureName, FeatureDefinition>> = definitions(isNumber) as Readonly<
  Record<FeatureName, Measure & FeatureDefinition>
>;

/** Measured properties of one answer by name. A missing name is unknown or does not apply. */
export type Features = Readonly<Partial<Record<FeatureName, number>>>;

/** Every output feature that is a label, by name; labels are words of short fixed lists or digests, and quote nothing. */
export const FEATURE_LABELS: Readonly<Record<FeatureLabel, Pick<FeatureDefinition, "family" | "about">>> = definitions(
  isLabel,
) as Readonly<Record<FeatureLabel, Measure & { readonly family: MeasureFamily }>>;

/** Labels of one answer by name; a missing name is unknown. */
export type Labels = Readonly<Partial<Record<FeatureLabel, string>>>;

/** True when `name` names a feature of the catalogue. */
export const isFeatureName = (name: string): name is FeatureName => Object.hasOwn(FEATURES, name);

/** True when `name` names a label of the catalogue. */
export const isFeatureLabel = (name: string): name is FeatureLabel => Object.hasOwn(FEATURE_LABELS, name);
