import { LEEWAY, OUTPUT } from "../core/attributes.ts";
import { FEATURE_LABELS, FEATURES } from "../core/features.ts";
import type { OutputFeatures } from "./output-features.ts";

/** A span attribute's value, as far as features use them. */
export type FeatureAttribute = string | number | boolean | string[];

/** More digits say nothing and cost bytes. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Name and kind of every attribute, put together once: joining texts for every answer would cost more than measuring. */
const ATTRIBUTES: ReadonlyMap<string, { readonly name: string; readonly isFlag: boolean }> = new Map(
  [...Object.entries(FEATURES), ...Object.keys(FEATURE_LABELS).map((name) => [name, { kind: "label" }] as const)].map(
    ([name, { kind }]) => [name, { name: LEEWAY.outputPrefix + name, isFlag: kind === "flag" }],
  ),
);

/**
 * The attributes `leeway.output.<feature>` of one answer: numbers, flags as booleans, labels, and the digests of its
 * key paths; never content. What is unknown is left out.
 */
export const outputAttributes = (output: OutputFeatures): Readonly<Record<string, FeatureAttribute>> => {
  const own: Record<string, FeatureAttribute | null> = {
    [OUTPUT.chars]: output.chars,
    [OUTPUT.codeFence]: output.codeFence,
    [OUTPUT.jsonValid]: output.jsonValid,
    [OUTPUT.refusalClass]: output.refusalClass === "" ? null : output.refusalClass,
    [OUTPUT.truncated]: output.truncated,
    [OUTPUT.toolCallValid]: output.toolCallValid,
    [OUTPUT.keyPaths]: output.keyPaths.length === 0 ? null : [...output.keyPaths],
  };
  const found: Record<string, FeatureAttribute> = {};
  for (const [name, value] of Object.entries(own)) if (value !== null) found[name] = value;
  const features: Readonly<Record<string, number>> = output.features;
  for (const feature in features) {
    const attribute = ATTRIBUTES.get(feature);
    const value = features[feature] ?? 0;
    if (attribute) found[attribute.name] = attribute.isFlag ? value === 1 : rounded(value);
  }
  const labels: Readonly<Record<string, string>> = output.labels;
  for (const label in labels) {
    const attribute = ATTRIBUTES.get(label);
    if (attribute) found[attribute.name] = labels[label] ?? "";
  }
  return found;
};
