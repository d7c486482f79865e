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
 * Writes the attributes `leeway.output.<feature>` of one answer to `into`: numbers, flags as booleans, labels, and the
 * digests of its key paths; never content. What is unknown is left out.
 */
export const putOutputAttributes = (into: Record<string, FeatureAttribute>, output: OutputFeatures): void => {
  if (output.chars !== null) into[OUTPUT.chars] = output.chars;
  if (output.codeFence !== null) into[OUTPUT.codeFence] = output.codeFence;
  if (output.jsonValid !== null) into[OUTPUT.jsonValid] = output.jsonValid;
  if (output.refusalClass !== "") into[OUTPUT.refusalClass] = output.refusalClass;
  if (output.truncated !== null) into[OUTPUT.truncated] = output.truncated;
  if (output.toolCallValid !== null) into[OUTPUT.toolCallValid] = output.toolCallValid;
  if (output.keyPaths.length > 0) into[OUTPUT.keyPaths] = [...output.keyPaths];
  const features: Readonly<Record<string, number>> = output.features;
  for (const feature in features) {
    const attribute = ATTRIBUTES.get(feature);
    const value = features[feature] ?? 0;
    if (attribute) into[attribute.name] = attribute.isFlag ? value === 1 : rounded(value);
  }
  const labels: Readonly<Record<string, string>> = output.labels;
  for (const label in labels) {
    const attribute = ATTRIBUTES.get(label);
    if (attribute) into[attribute.name] = labels[label] ?? "";
  }
};

/** The same as an object of its own. */
export const outputAttributes = (output: OutputFeatures): Readonly<Record<string, FeatureAttribute>> => {
  const attributes: Record<string, FeatureAttribute> = {};
  putOutputAttributes(attributes, output);
  return attributes;
};
