import type { Attribution, Finding } from "./finding.ts";
import { percent } from "./percent.ts";
import { shortNumber } from "./short-number.ts";

/** What the letter of a key path's digest says; see KeyPaths in features/json/key-paths.ts. */
const KEY_PATH: Readonly<Record<string, string>> = {
  k: "there",
  n: "null",
  e: "an empty array",
  v: "one value of its list",
};

const amount = (value: number | null, unit: string): string => {
  if (value === null) return "unknown";
  return unit === "share" ? percent(value) : `${shortNumber(value)} ${unit}`.trimEnd();
};

/** The feature in words: `language`, `key path 1f2e3d4c5b6a (null)`. */
const subject = ({ feature, label }: Pick<Finding, "feature" | "label">): string => {
  if (label === null || feature !== "key_paths") return feature;
  return `key path ${label.slice(1)} (${KEY_PATH[label.slice(0, 1)] ?? "there"})`;
};

/** `up from 2% to 88%`; `de from 0% to 3%` for a label; `up, 4 from 0% to 30%` for one value of a number. */
const change = ({ feature, label, direction, baseline, canary, unit }: Finding): string => {
  const fromTo = `from ${amount(baseline, unit)} to ${amount(canary, unit)}`;
  if (label === null || feature === "key_paths") return direction === "changed" ? fromTo : `${direction} ${fromTo}`;
  return direction === "changed" ? `${label} ${fromTo}` : `${direction}, ${label} ${fromTo}`;
};

/**
 * A finding in one line: `code fence: code_fence up from 2% to 88% in input_type=json (effect 2.05; also
 * starts_with_fence)`. Nothing in it was written by a model: labels are words of lists or digests.
 */
export const findingText = (finding: Finding): string => {
  const { family, segment, effect, also } = finding;
  const others = also.length === 0 ? "" : `; also ${also.join(", ")}`;
  const where = segment === "" ? "" : ` in ${segment}`;
  return `${family}: ${subject(finding)} ${change(finding)}${where} (effect ${shortNumber(effect)}${others})`;
};

/** What differs between the arms, with the values: `prompt and model (prompt support@41 to support@42, model …)`. */
export const attributionText = ({ text, differences }: Attribution): string => {
  const each = differences.map(({ what, baseline, canary }) => `${what} ${baseline || "none"} to ${canary || "none"}`);
  return differences.length === 0 ? "nothing that the calls or the document tell of" : `${text} (${each.join(", ")})`;
};
