import {
  FEATURE_LABELS,
  FEATURES,
  type FeatureLabel,
  type FeatureName,
  isFeatureLabel,
  isFeatureName,
} from "./features.ts";
import type { FindingFamily } from "./finding.ts";
import { MEASURES, type Measure, measuresWhere } from "./measures.ts";
import { type CatalogueSignal, isCatalogueSignal, SIGNALS, type SignalKind } from "./signals.ts";

/** One property of the output that the arms are compared by while a migration runs. */
export interface ShapeFeature {
  readonly name: CatalogueSignal | FeatureName | FeatureLabel;
  readonly family: FindingFamily;
  /** `flag`: 1 or 0; `number`: compared by rank and by its bins, never by the mean; `label`: a category. */
  readonly kind: "flag" | "number" | "label";
  /** A number that counts something: 3 and 4 are different things, not neighbours on a scale. */
  readonly isCount: boolean;
  /** Unit people read; `share` for flags and labels. */
  readonly unit: string;
  /** The signal its counts are in: its own, or `output_features`, which holds them as `name=value`. */
  readonly signal: CatalogueSignal;
}

const KINDS: Readonly<Record<SignalKind, ShapeFeature["kind"]>> = {
  rate: "flag",
  value: "number",
  score: "number",
  category: "label",
  labels: "label",
};

const familyOf = (measure: Measure): FindingFamily | null => ("family" in measure ? (measure.family ?? null) : null);

const ownFeature = (name: CatalogueSignal): readonly ShapeFeature[] => {
  const family = familyOf(MEASURES[name]);
  if (family === null) return [];
  const { kind, unit } = SIGNALS[name];
  const shown = kind === "category" ? "share" : unit;
  return [{ name, family, kind: KINDS[kind], isCount: MEASURES[name].kind === "count", unit: shown, signal: name }];
};

/** Signals of their own that are compared. */
const OWN: readonly ShapeFeature[] = measuresWhere((measure) => familyOf(measure) !== null)
  .filter(isCatalogueSignal)
  .flatMap(ownFeature);

/** Features that have no signal of their own, and do not say of the request what it is. */
const isPacked = (measure: Measure): boolean => measure.from === "answer" && measure.worse === undefined;

/** Names of the features kept together in the signal `output_features`: numbers first, then labels. */
export const PACKED_FEATURES: readonly (FeatureName | FeatureLabel)[] = [
  ...measuresWhere(isPacked).filter(isFeatureName),
  ...measuresWhere(isPacked).filter(isFeatureLabel),
];

const packedFeature = (name: FeatureName | FeatureLabel): ShapeFeature => {
  const signal = "output_features";
  if (isFeatureLabel(name)) {
    return { name, family: FEATURE_LABELS[name].family, kind: "label", isCount: false, unit: "share", signal };
  }
  const { family, kind } = FEATURES[name];
  const unit = kind === "flag" || kind === "share" ? "share" : "";
  return { name, family, kind: kind === "flag" ? "flag" : "number", isCount: kind === "count", unit, signal };
};

/** Everything the output of the arms is compared by, but for the key paths of JSON answers. */
export const SHAPE_FEATURES: readonly ShapeFeature[] = [...OWN, ...PACKED_FEATURES.map(packedFeature)];

/** Families in the order of the catalogue. */
export const SHAPE_FAMILIES: readonly FindingFamily[] = [...new Set(SHAPE_FEATURES.map(({ family }) => family))];
