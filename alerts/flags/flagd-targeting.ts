import { isMap, isScalar, isSeq } from "yaml";
import type { Audience } from "../../core/audience.ts";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import {
  entriesOf,
  type FlagText,
  type Place,
  plainOf,
  rootOf,
  scalarEdit,
  scalarOf,
  type TextEdit,
  under,
} from "./flag-text.ts";
import { type AudienceRule, audienceEdits, audienceRule } from "./flagd-audience.ts";

/** A variant of a flag, and the arm it is of. */
export interface ArmVariant {
  readonly name: string;
  readonly text: string;
  readonly arm: "baseline" | "canary" | null;
}

/** The variants of a flag. */
export const variantArms = (source: FlagText, flag: Place, values: VariantValues): readonly ArmVariant[] =>
  entriesOf(source, under(source, flag, "variants")).map(([name, place]) => {
    const value = plainOf(source, place);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return { name, text: clamp(printableLine(text ?? ""), 200), arm: armOfValue({ name, value }, values) };
  });

/** What can be given to a user by a rule. */
type Outcome =
  | { readonly kind: "variant"; readonly name: string }
  | { readonly kind: "default" }
  /** `rule`: the fraction as a whole, `place` its operands; `within`: the rule that leaves it to an audience, null = none. */
  | {
      readonly kind: "fraction";
      readonly place: Place;
      readonly rule: Place;
      readonly within: AudienceRule | null;
    }
  | { readonly kind: "unclear"; readonly what: string };

const operatorOf = (source: FlagText, place: Place): readonly [string, Place] | null => {
  const [entry, ...others] = isMap(place.node) ? entriesOf(source, place) : [];
  return entry !== undefined && others.length === 0 ? entry : null;
};

const MAX_DEPTH = 50;

/** Everything that a rule can come to, whatever the conditions say. */
const outcomes = (source: FlagText, place: Place, depth = 0): readonly Outcome[] => {
  const { node } = place;
  if (depth > MAX_DEPTH) return [{ kind: "unclear", what: "deep nesting" }];
  if (node === undefined || node === null) return [{ kind: "default" }];
  if (isScalar(node)) {
    return node.value === null ? [{ kind: "default" }] : [{ kind: "variant", name: String(node.value) }];
  }
  if (isMap(node) && node.items.length === 0) return [{ kind: "default" }];
  const [operator, operands] = operatorOf(source, place) ?? ["", place];
  if (operator === "fractional") return [{ kind: "fraction", place: operands, rule: place, within: null }];
  if (operator === "if" && isSeq(operands.node)) {
    const own = audienceRule(source, place, operands);
    const [inside, fraction] = (own === null ? null : operatorOf(source, own.inner)) ?? [];
    if (own !== null && inside === "fractional" && fraction !== undefined) {
      const other = outcomes(source, under(source, operands, 2), depth + 1);
      return [{ kind: "fraction", place: fraction, rule: own.inner, within: own }, ...other];
    }
    const parts = operands.node.items.map((_, at) => under(source, operands, at));
    const results = parts.filter((_, at) => at % 2 === 1 || at === parts.length - 1);
    const isComplete = parts.length % 2 === 1;
    return [
      ...results.flatMap((each) => outcomes(source, each, depth + 1)),
      ...(isComplete ? [] : [{ kind: "default" } as const]),
    ];
  }
  if (operator === "$ref") {
    const evaluator = under(source, under(source, rootOf(source), "$evaluators"), String(scalarOf(operands)));
    return outcomes(source, { ...evaluator, isOwn: false }, depth + 1);
  }
  return [{ kind: "unclear", what: operator === "" ? "a list" : operator }];
};

interface Bucket {
  readonly name: string;
  readonly weight: number | null;
  readonly write: (weight: number) => TextEdit | null;
}

/** The buckets of a fractional rule; null where one is computed. The first operand may be what users are told apart by. */
const bucketsOf = (source: FlagText, operands: Place): readonly Bucket[] | null => {
  if (!isSeq(operands.node)) return null;
  const all = operands.node.items.map((_, at) => under(source, operands, at));
  const lists = isSeq(all[0]?.node) ? all : all.slice(1);
  const buckets = lists.map((list): Bucket | null => {
    const [name, weight] = [under(source, list, 0), under(source, list, 1)];
    if (!isSeq(list.node) || typeof scalarOf(name) !== "string") return null;
    const held = weight.node === undefined ? 1 : scalarOf(weight);
    const end = isScalar(name.node) ? name.node.range?.[1] : undefined;
    const insert = (to: number): TextEdit | null =>
      end !== undefined && isSeq(list.node) && list.node.flow === true && list.isOwn && name.isOwn
        ? { start: end, end, text: `, ${to}` }
        : null;
    return {
      name: String(scalarOf(name)),
      weight: typeof held === "number" && held >= 0 ? held : null,
      write: (to) => (weight.node === undefined ? insert(to) : scalarEdit(source, weight, to)),
    };
  });
  return buckets.some((bucket) => bucket === null) ? null : buckets.flatMap((bucket) => bucket ?? []);
};

/** The fractional rule that gives users to the candidate. */
export interface FractionCarrier {
  readonly weights: { readonly canary: number; readonly baseline: number; readonly others: number };
  /** The edits that set both weights; null for one that cannot be written here. */
  readonly write: (canary: number, baseline: number) => readonly (TextEdit | null)[];
  /** The edits that leave it to an audience, null = to everybody; null where they cannot be written here. */
  readonly leaveTo: (audience: Audience | null) => readonly TextEdit[] | null;
}

/** How much of the traffic a flag gives to the candidate while it is enabled. */
export interface Fraction {
  /** 0-1; null where it is not known. */
  readonly share: number | null;
  /** Whom it is for; null = everybody who comes to it. */
  readonly audience: Audience | null;
  /** Why no share can be set, and what to do; empty when one can. */
  readonly why: string;
  readonly carrier: FractionCarrier | null;
}

const unknown = (why: string): Fraction => ({ share: null, audience: null, why, carrier: null });

const sum = (buckets: readonly Bucket[]): number => buckets.reduce((total, { weight }) => total + (weight ?? 0), 0);

const readFraction = (
  source: FlagText,
  { place, rule, within }: Extract<Outcome, { readonly kind: "fraction" }>,
  arms: readonly ArmVariant[],
): Fraction | null => {
  const buckets = bucketsOf(source, place);
  if (buckets === null || buckets.some(({ weight }) => weight === null))
    return unknown("a fractional rule has buckets that are no plain [variant, weight]");
  const armOf = (name: string) => arms.find((each) => each.name === name)?.arm ?? null;
  const [canary, secondCanary] = buckets.filter(({ name }) => armOf(name) === "canary");
  if (canary === undefined) return null;
  const [baseline, secondBaseline] = buckets.filter(({ name }) => armOf(name) === "baseline");
  const total = sum(buckets);
  if (baseline === undefined || secondCanary !== undefined || secondBaseline !== undefined)
    return unknown("the fractional rule needs one bucket of the candidate and one of the baseline");
  const [ours, theirs] = [canary.weight ?? 0, baseline.weight ?? 0];
  return {
    share: total === 0 ? 0 : ours / total,
    audience: within?.audience ?? null,
    why: place.isOwn ? "" : "the fractional rule is shared with other flags; write one of its own into the flag",
    carrier: {
      weights: { canary: ours, baseline: theirs, others: total - ours - theirs },
      write: (to, rest) => [canary.write(to), baseline.write(rest)],
      leaveTo: (audience) => audienceEdits(rule, within, audience, baseline.name),
    },
  };
};

/**
 * The share of a flag: that of its one fractional rule with the candidate, which users reach who no other rule gives to the
 * baseline. Unknown where users can get the candidate by another way: by a rule, or as the default variant.
 */
export const findFraction = (source: FlagText, flag: Place, arms: readonly ArmVariant[]): Fraction => {
  if (!arms.some(({ arm }) => arm === "canary")) return unknown("no variant has the candidate's value");
  const isCanary = (name: string): boolean => arms.some((each) => each.name === name && each.arm === "canary");
  const preset = under(source, flag, "defaultVariant");
  const all = outcomes(source, under(source, flag, "targeting"));
  const unclear = all.find((outcome) => outcome.kind === "unclear");
  if (unclear !== undefined && unclear.kind === "unclear")
    return unknown(`what the rule ${JSON.stringify(clamp(printableLine(unclear.what), 40))} comes to is not known`);
  const fractions = all.flatMap((outcome) => {
    const read = outcome.kind === "fraction" ? readFraction(source, outcome, arms) : null;
    return read === null ? [] : [read];
  });
  const [fraction, second] = fractions;
  if (isCanary(String(scalarOf(preset)))) return unknown("the default variant is the candidate; make it the baseline");
  if (all.some((outcome) => outcome.kind === "variant" && isCanary(outcome.name)))
    return unknown("a rule gives the candidate to chosen users; leave it to the fractional rule");
  if (second !== undefined) return unknown("several fractional rules have the candidate; leave it to one");
  const none = "no fractional rule has the candidate; add one with both variants";
  return fraction ?? { share: 0, audience: null, why: none, carrier: null };
};
