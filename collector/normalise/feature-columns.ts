import { LEEWAY, OUTPUT } from "../../core/attributes.ts";
import {
  FEATURES,
  type FeatureLabel,
  type FeatureName,
  type Features,
  isFeatureLabel,
  isFeatureName,
  type Labels,
} from "../../core/features.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Attributes, AttributeValue } from "../../formats/dialects/read/attributes.ts";
import { amountOf, flagOf, textOf } from "../../formats/dialects/read/values.ts";

/** More key paths than an app sends are not its own. */
const MAX_KEY_PATHS = 64;
const KEY_PATH = /^[knev][0-9a-f]{12}$/;

/** Labels come from short lists; anything longer is none of them. */
const LABEL = /^[a-z0-9_]{1,16}$/;

const numberOf = (name: FeatureName, value: AttributeValue): number | null => {
  const { kind } = FEATURES[name];
  if (kind === "flag") return flagOf(value);
  // An amount, and the one index that may be below zero.
  if (kind === "number" && typeof value === "number") return Number.isFinite(value) ? value : null;
  const amount = amountOf(value);
  return amount !== null && (kind !== "share" || amount <= 1) ? amount : null;
};

const keyPaths = (value: AttributeValue | undefined): readonly string[] =>
  Array.isArray(value)
    ? value
        .filter((entry): entry is string => typeof entry === "string" && KEY_PATH.test(entry))
        .slice(0, MAX_KEY_PATHS)
    : [];

/** The features of core/features.ts that a span carries. Names outside the catalogue are not kept. */
export const featureColumns = (attributes: Attributes): Pick<SpanRow, "features" | "labels" | "key_paths"> => {
  const features: [FeatureName, number][] = [];
  const labels: [FeatureLabel, string][] = [];
  for (const [key, value] of attributes) {
    if (!key.startsWith(LEEWAY.outputPrefix)) continue;
    const name = key.slice(LEEWAY.outputPrefix.length);
    const number = isFeatureName(name) ? numberOf(name, value) : null;
    if (isFeatureName(name) && number !== null) features.push([name, number]);
    if (isFeatureLabel(name) && LABEL.test(textOf(value))) labels.push([name, textOf(value)]);
  }
  return {
    features: Object.fromEntries(features) as Features,
    labels: Object.fromEntries(labels) as Labels,
    key_paths: keyPaths(attributes.get(OUTPUT.keyPaths)),
  };
};
