import { isMap, isScalar, isSeq } from "yaml";
import { type Audience, sameAudience } from "../../core/audience.ts";
import { type FlagText, type Place, plainOf, scalarOf, type TextEdit, under } from "./flag-text.ts";
import { plainAudienceProblem } from "./plain-audience.ts";

/** Says of a rule that Leeway wrote it: it is true for everybody. What a person wrote has none, and is never changed. */
const MARK = { "==": ["leeway", "leeway"] } as const;

/** A value as contexts may have it: JSON Logic takes 1 for another value than "1". */
const formsOf = (value: string): readonly unknown[] => {
  const isNumber = Number.isFinite(Number(value)) && String(Number(value)) === value;
  const isBare = value === "true" || value === "false" || isNumber;
  return isBare ? [value, JSON.parse(value)] : [value];
};

const conditionOf = ({ segment, values }: Audience): string =>
  JSON.stringify({ and: [MARK, { in: [{ var: segment }, values.flatMap(formsOf)] }] });

/** A rule that gives a fraction to an audience alone, as Leeway writes it. */
export interface AudienceRule {
  readonly audience: Audience;
  /** The whole rule, and the part of it that is the fraction's. */
  readonly outer: Place;
  readonly inner: Place;
}

/** The audience of a condition that Leeway wrote; null for any other. */
const audienceOfCondition = (condition: unknown): Audience | null => {
  const parts = (condition as { readonly and?: unknown } | null | undefined)?.and;
  if (!Array.isArray(parts) || parts.length !== 2 || JSON.stringify(parts[0]) !== JSON.stringify(MARK)) return null;
  const among = (parts[1] as { readonly in?: unknown } | null)?.in;
  if (!Array.isArray(among) || among.length !== 2 || !Array.isArray(among[1])) return null;
  const segment = (among[0] as { readonly var?: unknown } | null)?.var;
  const values = [...new Set(among[1].map(String))].sort();
  if (typeof segment !== "string" || values.length === 0) return null;
  const audience = { segment, values };
  return JSON.stringify(condition) === conditionOf(audience) ? audience : null;
};

/** What Leeway made of the rule at `outer`, whose `if` has these operands; null where it did not write it. */
export const audienceRule = (source: FlagText, outer: Place, operands: Place): AudienceRule | null => {
  if (!isSeq(operands.node) || operands.node.items.length !== 3) return null;
  const audience = audienceOfCondition(plainOf(source, under(source, operands, 0)));
  if (audience === null || typeof scalarOf(under(source, operands, 2)) !== "string") return null;
  return { audience, outer, inner: under(source, operands, 1) };
};

const rangeOf = ({ node }: Place): readonly [start: number, end: number] | null => {
  const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : null;
  return range ? [range[0], range[1]] : null;
};

/**
 * The edits that give a fraction to `wanted` alone (null = to everybody), from the rule that has it; null where that cannot be
 * written here: the rule is another flag's as well, or written over several lines without braces.
 */
export const audienceEdits = (
  fraction: Place,
  rule: AudienceRule | null,
  wanted: Audience | null,
  baseline: string,
): readonly TextEdit[] | null => {
  if (sameAudience(rule?.audience, wanted)) return [];
  const inner = rangeOf(fraction);
  const outer = rule === null ? inner : rangeOf(rule.outer);
  const isWritable = fraction.isOwn && isMap(fraction.node) && fraction.node.flow === true;
  if (inner === null || outer === null || !isWritable) return null;
  const before = wanted === null ? "" : `{"if": [${conditionOf(wanted)}, `;
  const after = wanted === null ? "" : `, ${JSON.stringify(baseline)}]}`;
  return [
    { start: outer[0], end: inner[0], text: before },
    { start: inner[1], end: outer[1], text: after },
  ];
};

/** Why flagd cannot give a share to these alone; empty when it can. Its rules take a dot for a step into an object. */
export const flagdAudienceProblem = (audience: Audience): string =>
  audience.segment.includes(".")
    ? `takes the dot in the segment's name ${audience.segment} for a step into an object; expected a name without one`
    : plainAudienceProblem(audience);
