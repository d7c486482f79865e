import { finishReason, isCutAtLimit } from "../../core/finish-reason.ts";
import type { PairValueKind } from "../../core/pair-measures.ts";
import { MAX_PAIR_VALUES } from "../../core/pair-measures.ts";
import type { RefusalClass } from "../../core/span-row.ts";
import type { Answer, AskedFor } from "../answer.ts";
import { type FoundJson, findJson } from "../json/find-json.ts";
import { MAX_JSON_CHARS } from "../json/parse-json.ts";
import { refusalClass } from "../refusal/refusal-class.ts";
import { sampleText } from "../sample-text.ts";
import { structureOf } from "../structure.ts";
import { textFeatures } from "../text-features.ts";
import { toolUse } from "../tools.ts";
import { type PairFormat, pairFormat } from "./pair-format.ts";
import { toolToken } from "./tool-token.ts";

/** What one answer of a pair is like; null is unknown. */
export interface PairSide {
  readonly answer: Answer;
  /** It says or does something, and is no refusal. */
  readonly isAnswered: boolean;
  readonly isEmpty: boolean;
  readonly refusal: RefusalClass;
  readonly isRefusal: boolean;
  readonly finish: string;
  readonly isCut: boolean | null;
  readonly language: string | null;
  readonly format: PairFormat;
  /** Asked for JSON: whether it parses as a whole, and matches the declared schema. */
  readonly jsonValid: boolean | null;
  readonly schemaValid: boolean | null;
  /** The JSON in it, where it is to be looked into. */
  readonly found: FoundJson | null;
  readonly keyPaths: readonly string[];
  /** Of its tool calls: all were offered, and all arguments parse and match; null without calls. */
  readonly toolsKnown: boolean | null;
  readonly toolArgumentsValid: boolean | null;
  readonly toolNames: readonly string[];
}

const REFUSING: Readonly<Record<RefusalClass, boolean>> = {
  ...{ hard: true, inability: true, soft: true },
  ...{ none: false, partial: false, reframe: false, clarify: false, "": false },
};

const flag = (value: number | undefined): boolean | null => (value === undefined ? null : value === 1);

const MAYBE_JSON = /^\s{0,20}(?:[{[]|(?:```|~~~))/;

const jsonOf = ({ text, chars }: Answer, { json }: AskedFor): FoundJson | null => {
  if (text === null || text.length !== chars || text.length > MAX_JSON_CHARS) return null;
  return json || MAYBE_JSON.test(text.slice(0, 40)) ? findJson(text) : null;
};

/** Looks at one answer. Linear in its length; all but JSON and tool calls at the first 16 Ki and last 2 Ki characters. */
export const pairSide = (answer: Answer, asked: AskedFor): PairSide => {
  const text = answer.text === null ? null : textFeatures(sampleText(answer.text));
  const structure = structureOf(answer, asked);
  const { features } = toolUse(answer, asked);
  const refusal = refusalClass(answer, text?.plain, text?.labels.language === "en");
  const found = jsonOf(answer, asked);
  const isBlank = (answer.text ?? "").trim() === "";
  const isEmpty = isBlank && answer.toolCalls.length === 0 && !answer.refusal;
  const finish = finishReason(answer.finishReason);
  return {
    ...{ answer, refusal, found, isEmpty, finish },
    ...{ isRefusal: REFUSING[refusal], isAnswered: !isEmpty && !REFUSING[refusal] },
    isCut: isCutAtLimit(finish),
    language: text?.labels.language ?? null,
    format: pairFormat(answer, found),
    jsonValid: structure.jsonValid,
    schemaValid: flag(structure.features.schema_valid),
    keyPaths: structure.keyPaths,
    toolsKnown: flag(features.tool_names_known),
    toolArgumentsValid:
      features.tool_arguments_parse === 0
        ? false
        : flag(features.tool_arguments_match ?? features.tool_arguments_parse),
    toolNames: [...new Set(answer.toolCalls.slice(0, 32).map(({ name }) => toolToken(name, asked.tools)))],
  };
};

const lengthBucket = ({ text, chars }: Answer): string =>
  text === null || chars === 0 ? "" : String(Math.floor(Math.log2(chars)));

/** What an answer is like, as `kind:value`, sorted, at most 128; of too many the last key paths are left out. */
export const pairValues = (side: PairSide): readonly string[] => {
  const one = (kind: PairValueKind, value: string): readonly string[] => (value === "" ? [] : [`${kind}:${value}`]);
  const few = [
    ...one("finish", side.finish),
    ...one("refusal", side.refusal),
    ...one("language", side.language ?? ""),
    ...one("format", side.format),
    ...one("length", lengthBucket(side.answer)),
    ...side.toolNames.flatMap((name) => one("tool", name)),
  ];
  return [...few, ...side.keyPaths.flatMap((path) => one("key", path))].slice(0, MAX_PAIR_VALUES).sort();
};
