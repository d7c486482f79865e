import type { Arm } from "../../core/cohort.ts";
import { isRecord } from "../../features/is-record.ts";
import { findJson } from "../../features/json/find-json.ts";
import { CONFIDENCE_KEYS } from "../../features/structure.ts";
import { createOptional, type Entry, isName, isUnknown, type OptionalKeys } from "../compare/optional-keys.ts";
import { cohortEntry, type RecordRead, scoresOf, textOf } from "../compare/read-record.ts";
import type { CalibrationRecord, StatedConfidence } from "./calibration-record.ts";

const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;

/** 0.85, 85, "85", "85%"; null for anything else. */
const statedOf = (value: unknown): StatedConfidence | null => {
  const percent = typeof value === "string" ? PERCENT.exec(value.trim())?.[1] : undefined;
  if (percent !== undefined) return Number(percent) <= 100 ? { value: Number(percent) / 100, isPercent: true } : null;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const isUsable = typeof number === "number" && number >= 0 && number <= 100;
  return isUsable ? { value: number, isPercent: false } : null;
};

const YES: readonly unknown[] = [true, 1, "1", "true", "yes"];
const NO: readonly unknown[] = [false, 0, "0", "false", "no"];

const yesOrNo = (value: unknown): boolean | null => {
  const plain = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (YES.includes(plain)) return true;
  return NO.includes(plain) ? false : null;
};

const logprobOf = (value: unknown): number | null => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number <= 0 && Number.isFinite(number) ? number : null;
};

/** What the answer itself says: it is a feature of every answer, so that records need not repeat it. */
const statedInAnswer = (text: string | null): StatedConfidence | undefined => {
  const value = text === null ? undefined : findJson(text)?.value;
  const key = isRecord(value) ? CONFIDENCE_KEYS.find((name) => Object.hasOwn(value, name)) : undefined;
  return key === undefined || !isRecord(value) ? undefined : (statedOf(value[key]) ?? undefined);
};

const stated = (entry: Entry, text: string | null, { known }: OptionalKeys): StatedConfidence | undefined =>
  isUnknown(entry.confidence)
    ? statedInAnswer(text)
    : known("confidence", entry.confidence, "a number from 0 to 1, or a percentage", statedOf);

/** The record of one entry, for `leeway calibration`. `output` may be left out where `correct` or a score says how it was. */
export const readCalibrationRecord = (value: unknown, cohort: Arm | null): RecordRead<CalibrationRecord> => {
  const own = cohortEntry(value, cohort);
  if ("leftOut" in own) return own;
  const { entry, arm, contradicts } = own;
  const optional = createOptional(entry);
  const output = textOf(entry.output);
  const record = {
    ...{ cohort: arm, output, stated: stated(entry, output, optional) },
    meanLogprob: optional.known("mean_logprob", entry.mean_logprob, "a number, 0 or less", logprobOf),
    correct: optional.known("correct", entry.correct, "true or false", yesOrNo),
    label: optional.known("label", entry.label, "text, a number, true or false", (label) =>
      isName(label) ? String(label) : null,
    ),
    ...{ task: optional.name("task"), prompt_id: optional.name("prompt_id") },
    ...{ conversation_id: optional.name("conversation_id"), scores: scoresOf(entry.scores, optional) },
  };
  return { record, unusable: optional.unusable, contradicts };
};
