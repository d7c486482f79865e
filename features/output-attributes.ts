import { LEEWAY, OUTPUT } from "../core/attributes.ts";
import { FEATURES, type FeatureName } from "../core/features.ts";
import type { OutputFeatures } from "./output-features.ts";

/** A span attribute's value, as far as features use them. */
export type FeatureAttribute = string | number | boolean | string[];

/** More digits say nothing and cost bytes. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const attributeOf = (name: string, value: number): FeatureAttribute =>
  FEATURES[name as FeatureName].kind === "flag" ? value === 1 : rounded(value);

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
  for (const [name, value] of Object.entries(output.features))
    found[LEEWAY.outputPrefix + name] = attributeOf(name, value);
  for (const [name, label] of Object.entries(output.labels)) found[LEEWAY.outputPrefix + name] = label;
  return found;
};
