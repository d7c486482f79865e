import { membersOf } from "./exhaustive.ts";

/** What a number of a pair is. Ratios are the second answer's over the served one's; a served 0 leaves them unknown. */
export interface PairNumber {
  /** `share` 0-1, `ratio` above 0, `count` 0 and up, `flag` 1 or 0, `cosine` -1 to 1. */
  readonly unit: "share" | "ratio" | "count" | "flag" | "cosine";
  /** What happens to it when the two answers change places. */
  readonly swapped: "same" | "inverse" | "own";
  /** One line for people. */
  readonly about: string;
}

type Entry = readonly [PairNumber["unit"], PairNumber["swapped"], about: string];

const NUMBERS = {
  equal_exact: ["flag", "same", "text and tool calls are the same to the letter"],
  equal_normalised: ["flag", "same", "the same but for blanks, case, Unicode form, final punctuation and fences"],
  similarity_tokens: ["share", "same", "words they share, order left aside (Dice)"],
  similarity_chars: ["share", "same", "sequences of three characters they share (Dice)"],
  similarity_semantic: ["cosine", "same", "likeness by an embedding model, asked where the texts were"],
  compared_share: ["share", "same", "part of the longer text that similarity was measured on"],
  fields_compared: ["count", "same", "values of JSON that both have a place for"],
  fields_equal: ["count", "same", "those that are equal: numbers within 1e-9, texts normalised"],
  keys_lost: ["count", "own", "key paths of the served JSON that the other lacks"],
  keys_new: ["count", "own", "key paths that only the other has"],
  types_changed: ["count", "same", "key paths whose values are of another type"],
  tool_calls_compared: ["count", "same", "tool calls of whichever made more"],
  tool_calls_equal: ["count", "same", "calls both made with equal arguments, key order and blanks left aside"],
  numbers_changed: ["count", "same", "numbers in the text that one has and the other has not"],
  dates_changed: ["count", "same", "dates in the text that one has and the other has not"],
  length_ratio: ["ratio", "inverse", "length of the text, in characters"],
  latency_ratio: ["ratio", "inverse", "time to the whole answer"],
  input_tokens_ratio: ["ratio", "inverse", "tokens of the prompt, as each model counts them"],
  output_tokens_ratio: ["ratio", "inverse", "tokens of the answer"],
  cost_ratio: ["ratio", "inverse", "cost of the call"],
} as const;

/** Name of a number of a pair. */
export type PairNumberName = keyof typeof NUMBERS;

const numberOf = ([unit, swapped, about]: Entry): PairNumber => ({ unit, swapped, about });

/** Every number of a pair by name, as `PairRow.numbers` has them. What is unknown is missing, never 0. */
export const PAIR_NUMBERS: Readonly<Record<PairNumberName, PairNumber>> = Object.fromEntries(
  membersOf<PairNumberName>(NUMBERS).map((name) => [name, numberOf(NUMBERS[name])]),
) as Record<PairNumberName, PairNumber>;

/** Numbers of one pair by name; a missing one is unknown. */
export type PairNumbers = Readonly<Partial<Record<PairNumberName, number>>>;

/** True when `name` is a number of the catalogue. */
export const isPairNumber = (name: string): name is PairNumberName => Object.hasOwn(PAIR_NUMBERS, name);

/**
 * What a change weighs by itself. `against`: a fact that makes the second answer worse whoever looks. `for`: its mirror
 * image. `plain`: a difference of which nobody can say more than that it is one.
 */
export type PairWeight = "against" | "for" | "plain";

/** One way in which the second answer differs from the served one. */
interface PairChange {
  readonly weight: PairWeight;
  /** What follows its name after a colon: nothing, a tool's name, the digest of a key path, the second answer's label. */
  readonly value: "none" | "tool" | "path" | "label";
  /** What it is called when the two answers change places. */
  readonly mirror: string;
  readonly about: string;
}

type Change = readonly [PairChange["weight"], PairChange["value"], mirror: string, about: string];

const CHANGES = {
  // Facts, in pairs of mirror images.
  "answer-lost": ["against", "none", "answer-found", "no text and no tool call where the served answer had either"],
  "answer-found": ["for", "none", "answer-lost", "an answer where the served one was empty"],
  "refusal-new": ["against", "none", "refusal-gone", "refuses what the served answer did"],
  "refusal-gone": ["for", "none", "refusal-new", "does what the served answer refused"],
  "json-broken": ["against", "none", "json-mended", "asked for JSON, does not parse where the served answer did"],
  "json-mended": ["for", "none", "json-broken", "asked for JSON, parses where the served answer did not"],
  "schema-broken": ["against", "none", "schema-mended", "breaks the declared schema that the served answer kept"],
  "schema-mended": ["for", "none", "schema-broken", "keeps the declared schema that the served answer broke"],
  "cut-new": ["against", "none", "cut-gone", "cut at the token limit where the served answer was whole"],
  "cut-gone": ["for", "none", "cut-new", "whole where the served answer was cut at the token limit"],
  "tool-lost": ["against", "tool", "tool-extra", "does not call a tool that the served answer called"],
  "tool-missing": ["against", "none", "tool-found", "calls no tool though the request demanded one and got one"],
  "tool-found": [
    "for",
    "none",
    "tool-missing",
    "calls a tool as the request demanded, where the served answer did not",
  ],
  "tool-unknown": ["against", "none", "tool-known", "calls a tool that was not offered, as the served answer did not"],
  "tool-known": ["for", "none", "tool-unknown", "calls offered tools only, where the served answer did not"],
  "tool-arguments-broken": [
    "against",
    "none",
    "tool-arguments-mended",
    "arguments do not parse or do not match, newly",
  ],
  "tool-arguments-mended": ["for", "none", "tool-arguments-broken", "arguments parse and match, as they did not"],
  // Differences.
  "tool-extra": ["plain", "tool", "tool-lost", "calls a tool that the served answer did not call"],
  "tool-fewer": ["plain", "tool", "tool-more", "calls it fewer times"],
  "tool-more": ["plain", "tool", "tool-fewer", "calls it more often"],
  "tool-arguments": ["plain", "tool", "tool-arguments", "calls it with other arguments"],
  "tool-spelling": ["plain", "tool", "tool-spelling", "the same arguments, written in another way"],
  "tool-order": ["plain", "none", "tool-order", "the same calls in another order"],
  "key-lost": ["plain", "path", "key-new", "a key path is gone"],
  "key-new": ["plain", "path", "key-lost", "a key path is new"],
  "key-null": ["plain", "path", "key-filled", "null where there was a value"],
  "key-filled": ["plain", "path", "key-null", "a value where there was null"],
  "null-gone": ["plain", "path", "null-new", "no key where there was null"],
  "null-new": ["plain", "path", "null-gone", "null where there was no key"],
  type: ["plain", "path", "type", "a value of another type"],
  enum: ["plain", "path", "enum", "another value of those the schema lists"],
  value: ["plain", "path", "value", "another number, yes or no, or short text"],
  "list-order": ["plain", "path", "list-order", "the same elements in another order"],
  "list-length": ["plain", "path", "list-length", "more or fewer elements"],
  text: ["plain", "none", "text", "the texts differ"],
  spelling: [
    "plain",
    "none",
    "spelling",
    "they differ in blanks, case, Unicode form, final punctuation or fences alone",
  ],
  answer: ["plain", "none", "answer", "another answer, both being of 40 characters at most"],
  "refusal-class": ["plain", "label", "refusal-class", "another way to refuse, ask back or turn aside"],
  finish: ["plain", "label", "finish", "ended for another reason"],
  language: ["plain", "label", "language", "in another language"],
  format: ["plain", "label", "format", "laid out in another way"],
  numbers: ["plain", "none", "numbers", "other numbers in the text"],
  dates: ["plain", "none", "dates", "other dates in the text"],
  shorter: ["plain", "none", "longer", "at most half as long"],
  longer: ["plain", "none", "shorter", "at least twice as long"],
} as const;

/** Name of a change, as it stands in `PairRow.changed` before a colon. */
export type PairChangeName = keyof typeof CHANGES;

const changeOf = ([weight, value, mirror, about]: Change): PairChange => ({ weight, value, mirror, about });

/** Every change by name. */
export const PAIR_CHANGES: Readonly<Record<PairChangeName, PairChange>> = Object.fromEntries(
  membersOf<PairChangeName>(CHANGES).map((name) => [name, changeOf(CHANGES[name])]),
) as Record<PairChangeName, PairChange>;

/** The name of a change: `tool-lost` of `tool-lost:search`; null of what a newer version may have written. */
export const pairChangeOf = (code: string): PairChangeName | null => {
  const colon = code.indexOf(":");
  const name = colon < 0 ? code : code.slice(0, colon);
  return Object.hasOwn(PAIR_CHANGES, name) ? (name as PairChangeName) : null;
};

/** What a change weighs; what is not known is a plain difference. */
export const pairWeightOf = (code: string): PairWeight => {
  const name = pairChangeOf(code);
  return name === null ? "plain" : PAIR_CHANGES[name].weight;
};

/** Kinds of what an answer is like, as they stand in `PairRow.served_values` and `other_values` before a colon. */
export const PAIR_VALUES = {
  key: "a key path of JSON, or a value of those the schema lists, as a letter and a digest",
  tool: "a tool that was called; of one that was not offered `#` and the digest of its name",
  finish: "why it ended",
  refusal: "the refusal class",
  language: "the language, ISO 639-1",
  format: "how it is laid out",
  length: "how long the text is: n stands for 2^n characters and more, fewer than twice as many",
} as const;

/** A kind of value. */
export type PairValueKind = keyof typeof PAIR_VALUES;

/** The kind of `kind:value`; null of one that is not known. */
export const pairValueKindOf = (value: string): PairValueKind | null => {
  const kind = value.slice(0, Math.max(0, value.indexOf(":")));
  return Object.hasOwn(PAIR_VALUES, kind) ? (kind as PairValueKind) : null;
};

/** The most codes and values a row holds. */
export const MAX_PAIR_CHANGES = 64;
export const MAX_PAIR_VALUES = 128;

/** Words about a pair that others say: `PairRow.labels`. */
export const PAIR_LABELS = {
  rule: "the app's own outcome rule: better, worse or same",
  judge: "a model that read both answers in both orders: prefers-candidate, prefers-baseline, tie or inconsistent",
  judge_version: "which judge that was: model, prompt and rubric; another one begins anew",
  judge_first: "which answer it preferred when the served one came first: candidate, baseline or tie",
  judge_second: "which it preferred when the served one came second",
  likeness:
    "why no model says how alike the texts are: absent, busy or failed; missing where one does, or none was asked",
  person: "a person who did not know which is which: prefers-candidate, prefers-baseline, tie",
} as const;

/** Name of a label of a pair. */
export type PairLabelName = keyof typeof PAIR_LABELS;

/** What the app's rule may say of a pair. */
export type RuleWord = "better" | "worse" | "same";
/** What somebody who read both answers may say. */
export type PreferenceWord = "prefers-candidate" | "prefers-baseline" | "tie";
/** What a judge may say that was asked twice, with the answers in either order. */
export type JudgeWord = PreferenceWord | "inconsistent";
/** What a judge says in one order. */
export type OrderWord = "candidate" | "baseline" | "tie";

const reader =
  <Word extends string>(words: Readonly<Record<Word, true>>) =>
  (text: string | undefined): Word | null =>
    text !== undefined && Object.hasOwn(words, text) ? (text as Word) : null;

/** Read a label; null where it is missing or another word. */
export const ruleWordOf: (text: string | undefined) => RuleWord | null = reader<RuleWord>({
  better: true,
  worse: true,
  same: true,
});
export const preferenceWordOf: (text: string | undefined) => PreferenceWord | null = reader<PreferenceWord>({
  ...{ "prefers-candidate": true, "prefers-baseline": true, tie: true },
});
export const judgeWordOf: (text: string | undefined) => JudgeWord | null = reader<JudgeWord>({
  ...{ "prefers-candidate": true, "prefers-baseline": true, tie: true, inconsistent: true },
});
export const orderWordOf: (text: string | undefined) => OrderWord | null = reader<OrderWord>({
  ...{ candidate: true, baseline: true, tie: true },
});
