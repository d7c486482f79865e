import { MAX_PAIR_CHANGES, type PairNumbers, type PairWeight, pairWeightOf } from "../../core/pair-measures.ts";
import type { AskedFor } from "../answer.ts";
import { enumeratedPaths } from "../json/enumerated-paths.ts";
import { MAX_SAMPLE_CHARS, sampleText } from "../sample-text.ts";
import { compareFields, type FieldDifference } from "./compare-fields.ts";
import { compareTools, type ToolDifference } from "./compare-tools.ts";
import type { AnswerDifference, ComparedAnswer } from "./compared-answer.ts";
import { countUnshared, figuresOf } from "./figures.ts";
import { equalNormalised, normalised, type SampledText } from "./normalised.ts";
import { type PairSide, pairSide, pairValues } from "./pair-side.ts";
import { type Similarity, similarityOf } from "./similarity.ts";

type Numbers = { -readonly [Name in keyof PairNumbers]: PairNumbers[Name] };

/** Longest answer, normalised, that is a value by itself. */
const SHORT_ANSWER = 40;
/** Characters two lengths have to be apart, and times, to be told. */
const LENGTH_APART = 40;
const LENGTH_TIMES = 2;

/** Everything that two texts are compared by. */
interface TextDifference {
  readonly isExact: boolean;
  readonly isNormalised: boolean | null;
  readonly similarity: Similarity;
  readonly numbers: number;
  readonly dates: number;
  readonly isShort: boolean;
}

const withoutText: TextDifference = {
  ...{ isExact: true, isNormalised: true, similarity: { tokens: null, chars: null } },
  ...{ numbers: 0, dates: 0, isShort: false },
};

const sampled = (text: string): SampledText => {
  const sample = sampleText(text);
  return { text, sample, normalised: normalised(sample) };
};

const isShort = (text: string): boolean => text !== "" && text.length <= SHORT_ANSWER;

const compareTexts = (served: PairSide, other: PairSide): TextDifference => {
  const [a, b] = [served.answer.text ?? "", other.answer.text ?? ""];
  if (a === "" && b === "") return withoutText;
  const isWhole = a.length === served.answer.chars && b.length === other.answer.chars;
  const isExact = a === b && served.answer.chars === other.answer.chars;
  if (isExact) return { ...withoutText, similarity: { tokens: 1, chars: 1 } };
  const [x, y] = [sampled(a), sampled(b)];
  const [figures, others] = [figuresOf(x.sample), figuresOf(y.sample)];
  return {
    isExact,
    isNormalised: isWhole ? equalNormalised(x, y) : null,
    similarity: similarityOf(x.normalised, y.normalised),
    numbers: countUnshared(figures.numbers, others.numbers),
    dates: countUnshared(figures.dates, others.dates),
    isShort: isShort(x.normalised) && isShort(y.normalised),
  };
};

/** Facts that are a gain or a loss: `was` and `is` of the two answers, unknown where null. */
const turned = (was: boolean | null, is: boolean | null, broken: string, mended: string): readonly string[] => {
  if (was === true && is === false) return [broken];
  return was === false && is === true ? [mended] : [];
};

const factsOf = (served: PairSide, other: PairSide): readonly string[] => [
  ...turned(!served.isEmpty, !other.isEmpty, "answer-lost", "answer-found"),
  ...(served.isAnswered && other.isRefusal ? ["refusal-new"] : []),
  ...(served.isRefusal && other.isAnswered ? ["refusal-gone"] : []),
  ...turned(served.jsonValid, other.jsonValid, "json-broken", "json-mended"),
  ...turned(served.schemaValid, other.schemaValid, "schema-broken", "schema-mended"),
  ...turned(
    served.isCut === null ? null : !served.isCut,
    other.isCut === null ? null : !other.isCut,
    "cut-new",
    "cut-gone",
  ),
  ...turned(served.toolsKnown ?? true, other.toolsKnown ?? true, "tool-unknown", "tool-known"),
  ...turned(served.toolArgumentsValid, other.toolArgumentsValid, "tool-arguments-broken", "tool-arguments-mended"),
];

/** Labels that both have and that differ, with the other's. */
const labelsOf = (served: PairSide, other: PairSide): readonly string[] => {
  const differs = (code: string, was: string | null, is: string | null): readonly string[] =>
    was && is && was !== is ? [`${code}:${is}`] : [];
  return [
    ...differs("refusal-class", served.refusal, other.refusal),
    ...differs("finish", served.finish, other.finish),
    ...differs("language", served.language, other.language),
    ...differs("format", served.format, other.format),
  ];
};

const lengthCodes = (served: PairSide, other: PairSide): readonly string[] => {
  const [was, is] = [served.answer.chars, other.answer.chars];
  if (served.answer.text === null || other.answer.text === null || Math.abs(was - is) < LENGTH_APART) return [];
  if (is * LENGTH_TIMES <= was) return ["shorter"];
  return is >= was * LENGTH_TIMES ? ["longer"] : [];
};

const textCodes = ({ isExact, isNormalised, numbers, dates, isShort }: TextDifference): readonly string[] => {
  if (isExact) return [];
  if (isNormalised === true) return ["spelling"];
  return ["text", ...(isShort ? ["answer"] : []), ...(numbers > 0 ? ["numbers"] : []), ...(dates > 0 ? ["dates"] : [])];
};

const FIRST: Readonly<Record<PairWeight, number>> = { against: 0, for: 1, plain: 2 };

/** At most 64, facts first, then by their names; sorted. */
const kept = (codes: Iterable<string>): readonly string[] => {
  const sorted = [...new Set(codes)].sort();
  const byWeight = sorted.map((code) => [FIRST[pairWeightOf(code)], code] as const).sort(([a], [b]) => a - b);
  return byWeight
    .slice(0, MAX_PAIR_CHANGES)
    .map(([, code]) => code)
    .sort();
};

const put = (into: Numbers, name: keyof PairNumbers, value: number | null): void => {
  if (value !== null && Number.isFinite(value)) into[name] = value;
};

const ratio = (was: number | null, is: number | null): number | null =>
  was === null || is === null || !(was > 0) || !(is >= 0) ? null : is / was;

const putText = (into: Numbers, text: TextDifference, tools: ToolDifference): void => {
  const isSameTools = tools.equal === tools.compared;
  put(into, "equal_normalised", text.isNormalised === null ? null : Number(text.isNormalised && isSameTools));
  put(into, "similarity_tokens", text.similarity.tokens);
  put(into, "similarity_chars", text.similarity.chars);
  put(into, "numbers_changed", text.numbers);
  put(into, "dates_changed", text.dates);
};

const putFields = (into: Numbers, fields: FieldDifference | null): void => {
  if (fields === null) return;
  put(into, "fields_compared", fields.compared);
  put(into, "fields_equal", fields.equal);
  put(into, "keys_lost", fields.keysLost);
  put(into, "keys_new", fields.keysNew);
  put(into, "types_changed", fields.typesChanged);
};

const putRatios = (into: Numbers, served: ComparedAnswer, other: ComparedAnswer): void => {
  const [was, is] = [served.answer, other.answer];
  put(into, "length_ratio", was.text === null || is.text === null ? null : ratio(was.chars, is.chars));
  put(into, "latency_ratio", ratio(served.latencyMs, other.latencyMs));
  put(into, "input_tokens_ratio", ratio(served.inputTokens, other.inputTokens));
  put(into, "output_tokens_ratio", ratio(served.outputTokens, other.outputTokens));
  put(into, "cost_ratio", ratio(served.costUsd, other.costUsd));
  const longest = Math.max(was.chars, is.chars);
  if (longest > 0) put(into, "compared_share", Math.min(1, (MAX_SAMPLE_CHARS - 1) / longest));
};

/**
 * What two answers to the same request differ in. Pure, never throws, and linear: texts are compared on their first 16 Ki and
 * last 2 Ki characters (`compared_share` says which part that is; exact equality is of the whole, normalised equality of up to
 * 128 Ki), JSON of up to 128 Ki characters on 4000 places, 32 tool calls. Nothing of what it gives quotes an answer: names are
 * those of the catalogue and of offered tools, key paths are digests. `similarity_semantic` comes from who can ask a model.
 */
export const compareAnswers = (served: ComparedAnswer, other: ComparedAnswer, asked: AskedFor): AnswerDifference => {
  const [was, is] = [pairSide(served.answer, asked), pairSide(other.answer, asked)];
  const text = compareTexts(was, is);
  const tools = compareTools(was.answer.toolCalls, is.answer.toolCalls, asked);
  const fields =
    was.found === null || is.found === null
      ? null
      : compareFields(was.found.value, is.found.value, enumeratedPaths(asked.schema));
  const codes = [
    ...[...factsOf(was, is), ...labelsOf(was, is), ...lengthCodes(was, is), ...textCodes(text)],
    ...[...tools.codes, ...(fields?.codes ?? [])],
  ];
  const hasSpelling = [...tools.codes].some((code) => code.startsWith("tool-spelling"));
  const numbers: Numbers = {};
  put(numbers, "equal_exact", Number(text.isExact && tools.equal === tools.compared && !hasSpelling));
  putText(numbers, text, tools);
  putFields(numbers, fields);
  if (tools.compared > 0) {
    put(numbers, "tool_calls_compared", tools.compared);
    put(numbers, "tool_calls_equal", tools.equal);
  }
  putRatios(numbers, served, other);
  return { numbers, changed: kept(codes), servedValues: pairValues(was), otherValues: pairValues(is) };
};
