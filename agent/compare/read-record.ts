import type { Arm } from "../../core/cohort.ts";
import { finishReason } from "../../core/finish-reason.ts";
import { isRecord } from "../../features/is-record.ts";
import { unknownName } from "../config/problem.ts";
import { createOptional, type Entry, isName, isUnknown, numberOf, type OptionalKeys } from "./optional-keys.ts";
import type { AnswerRecord } from "./record.ts";

/** What became of one entry of a file; a reason quotes no answer. */
export type RecordRead<Kind = AnswerRecord> =
  | {
      readonly record: Kind;
      /** Values that could not be used and are unknown now, each in words. */
      readonly unusable: readonly string[];
      /** The cohort it says it is of, where the file was given for the other one. */
      readonly contradicts: Arm | null;
    }
  | LeftOut;

/** Left out; `shadow` answers are left out for what they are, and are no loss. */
export interface LeftOut {
  readonly leftOut: string;
  readonly isLoss: boolean;
}

/** `scores` of an entry: names with numbers. */
export const scoresOf = (value: unknown, { known }: OptionalKeys): Readonly<Record<string, number>> | undefined => {
  const scores = known("scores", value, "names with numbers", (given) => (isRecord(given) ? given : null));
  if (scores === undefined) return undefined;
  const read = Object.entries(scores).map(
    ([name, score]) => [name, known("scores", score, "numbers, true or false", numberOf)] as const,
  );
  return Object.fromEntries(read.filter((each): each is [string, number] => each[1] !== undefined));
};

/** Several choices have several reasons: that of the first. */
const finishReasonOf = ({ finish_reason: reason }: Entry, { known }: OptionalKeys): string | undefined =>
  known("finish_reason", Array.isArray(reason) ? reason[0] : reason, "text", (value) =>
    isName(value) ? String(value) : null,
  );

const textOfPart = (part: unknown): string => {
  if (typeof part === "string") return part;
  return isRecord(part) && typeof part.text === "string" ? part.text : "";
};

const isPart = (value: unknown): boolean => typeof value === "string" || (isRecord(value) && "type" in value);

/** The text of an answer: as it is, in parts, as a message, or the JSON of a structured one; null without. */
export const textOf = (output: unknown): string | null => {
  if (output === null || output === undefined) return null;
  if (isName(output)) return String(output);
  if (Array.isArray(output) && output.length > 0 && output.every(isPart)) {
    const text = output.map(textOfPart).join("");
    return text === "" ? null : text;
  }
  if (isRecord(output) && "content" in output && "role" in output) return textOf(output.content);
  return JSON.stringify(output);
};

const hasEntries = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

const callsTools = ({ tool_calls: calls, output }: Entry, reason: string | undefined): boolean =>
  hasEntries(calls) ||
  (isRecord(output) && hasEntries(output.tool_calls)) ||
  finishReason(reason ?? "") === "tool_calls";

const COHORTS = ["baseline", "canary"] as const;

const isArm = (value: unknown): value is Arm => COHORTS.some((arm) => arm === value);

const left = (leftOut: string): LeftOut => ({ leftOut, isLoss: true });

const withoutCohort = (said: unknown): LeftOut => {
  if (said === "shadow") return { leftOut: "cohort: shadow, which is compared with nothing", isLoss: false };
  if (typeof said === "string") return left(`cohort: ${unknownName("value", said, COHORTS)}`);
  return left(`cohort: ${said === undefined ? "missing" : "not usable"}; expected one of ${COHORTS.join(", ")}`);
};

/** An entry of a cohort that is known. */
export interface CohortEntry {
  readonly entry: Entry;
  readonly arm: Arm;
  /** The cohort it says it is of, where the file was given for the other one. */
  readonly contradicts: Arm | null;
}

/** An entry with its cohort, which is that of its file, null where the entry has to say it; or why it is left out. */
export const cohortEntry = (value: unknown, cohort: Arm | null): CohortEntry | LeftOut => {
  if (!isRecord(value)) return left("no object; expected one a line");
  const said = typeof value.cohort === "string" ? value.cohort.trim().toLowerCase() : value.cohort;
  const arm = cohort ?? (isArm(said) ? said : null);
  if (arm === null) return withoutCohort(isUnknown(said) ? undefined : said);
  return { entry: value, arm, contradicts: isArm(said) && said !== arm ? said : null };
};

/** The record of one entry. `cohort` is that of its file, null where the entry has to say it. Keys not used are not looked at. */
export const readRecord = (value: unknown, cohort: Arm | null): RecordRead => {
  const own = cohortEntry(value, cohort);
  if ("leftOut" in own) return own;
  const { entry, arm, contradicts } = own;
  const optional = createOptional(entry);
  const reason = finishReasonOf(entry, optional);
  const isToolCall = callsTools(entry, reason);
  if (entry.output === undefined && !isToolCall) return left("output: missing; expected text");
  const text = textOf(entry.output);
  const record = {
    // Many clients write an empty text beside tool calls.
    ...{ cohort: arm, output: isToolCall && text === "" ? null : text, callsTools: isToolCall, finish_reason: reason },
    ...{ task: optional.name("task"), prompt_id: optional.name("prompt_id") },
    ...{ conversation_id: optional.name("conversation_id"), scores: scoresOf(entry.scores, optional) },
    ...{ latency_ms: optional.amount("latency_ms"), output_tokens: optional.amount("output_tokens") },
  };
  return { record, unusable: optional.unusable, contradicts };
};
