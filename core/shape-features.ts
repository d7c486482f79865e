import {
  FEATURE_LABELS,
  FEATURES,
  type FeatureLabel,
  type FeatureName,
  isFeatureLabel,
  isFeatureName,
} from "./features.ts";
import type { FindingFamily } from "./finding.ts";
import { SIGNALS, type SignalKind, type SignalName } from "./signals.ts";

/** One property of the output that the arms are compared by while a migration runs. */
export interface ShapeFeature {
  /** A name of core/signals.ts or core/features.ts. */
  readonly name: SignalName | FeatureName | FeatureLabel;
  readonly family: FindingFamily;
  /** `flag`: 1 or 0; `number`: compared by rank and by its bins, never by the mean; `label`: a category. */
  readonly kind: "flag" | "number" | "label";
  /** A number that counts something: 3 and 4 are different things, not neighbours on a scale. */
  readonly isCount: boolean;
  /** Unit people read; `share` for flags and labels. */
  readonly unit: string;
  /** The signal its counts are in: its own, or `output_features`, which holds them as `name=value`. */
  readonly signal: SignalName;
}

/**
 * Signals that are compared, by family. Latency, cost and tokens of the answer are left out: they follow the length of
 * the answer and would say the same thing twice; tokens per character and time per token tell the rest.
 */
const OWN_SIGNALS: readonly (readonly [FindingFamily, readonly SignalName[]])[] = [
  ["length", ["output_chars"]],
  ["answer format", ["answer_form"]],
  ["code fence", ["code_fence"]],
  ["structure", ["json_valid", "schema_valid", "json_shape"]],
  ["markdown", ["headings", "bullets"]],
  ["refusal", ["refusal", "refusal_class"]],
  ["manner", ["preamble", "closing_offer"]],
  ["degeneration", ["degenerate"]],
  ["script", ["language", "curly_apostrophes"]],
  ["tools", ["tool_call_valid", "tool_called", "tool_call_missing"]],
  ["finish", ["finish_reason", "truncated"]],
  ["confidence", ["token_nll", "self_confidence"]],
  ["usage", ["tokens_per_char", "reasoning_tokens", "ms_per_token", "ttft_ms", "input_tokens"]],
];

const KINDS: Readonly<Record<SignalKind, ShapeFeature["kind"]>> = {
  rate: "flag",
  value: "number",
  score: "number",
  category: "label",
  labels: "label",
};

const ownFeature =
  (family: FindingFamily) =>
  (name: SignalName): ShapeFeature => {
    const { kind, unit } = SIGNALS[name];
    const shown = kind === "category" ? "share" : unit;
    return { name, family, kind: KINDS[kind], isCount: false, unit: shown, signal: name };
  };

const OWN: readonly ShapeFeature[] = OWN_SIGNALS.flatMap(([family, names]) => names.map(ownFeature(family)));

/** Features that have a signal of their own, that say of the request what it is, or that only tell what others do. */
const NOT_PACKED: ReadonlySet<string> = new Set([...Object.keys(SIGNALS), "tools_offered"]);

/** Names of the features kept together in the signal `output_features`. */
export const PACKED_FEATURES: readonly (FeatureName | FeatureLabel)[] = [
  ...Object.keys(FEATURES).filter(isFeatureName),
  ...Object.keys(FEATURE_LABELS).filter(isFeatureLabel),
].filter((name) => !NOT_PACKED.has(name));

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
