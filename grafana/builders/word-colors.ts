import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Verdict } from "../../core/verdict.ts";

const COLOR: Readonly<Record<Verdict["outcome"], string>> = { undecided: "yellow", clear: "green", breach: "red" };

/** A verdict's outcomes with their colours, from good to know to bad; graphs have the place in the list as code. */
export const OUTCOMES: readonly (readonly [outcome: string, color: string])[] = Object.entries(COLOR);

/** Value mapping that colours words: `wordColors({ breach: "red" })`. */
export const wordColors = (colors: Readonly<Record<string, string>>): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(Object.entries(colors).map(([word, color], index) => [word, { color, index }])),
});

/** Value mapping that turns codes into coloured words, the codes being 0, 1, 2 … in the order given. */
export const codeWords = (words: readonly (readonly [text: string, color: string])[]): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(words.map(([text, color], index) => [String(index), { text, color, index }])),
});

/** Colours of a verdict's outcome. */
export const OUTCOME_COLORS: readonly ValueMapping[] = [wordColors(Object.fromEntries(OUTCOMES.toReversed()))];
