import type { Arm } from "../../core/cohort.ts";
import { finishReason } from "../../core/finish-reason.ts";
import { isRecord } from "../../features/is-record.ts";
import { unknownName } from "../config/problem.ts";
import type { AnswerRecord } from "./record.ts";

/** What became of one entry of a file; a reason quotes no answer. */
export type RecordRead =
  | {
      readonly record: AnswerRecord;
      /** Values that could not be used and are unknown now, each in words. */
      readonly unusable: readonly string[];
      /** The cohort it says it is of, where the file was given for the other one. */
      readonly contradicts: Arm | null;
    }
  /** Left out; `shadow` answers are left out for what they are, and are no loss. */
  | { readonly leftOut: string; readonly isLoss: boolean };

type Entry = Readonly<Record<string, unknown>>;

const isUnknown = (value: unknown): value is null | undefined | "" =>
  value === null || value === undefined || value === "";

/** A number, also as true or false, or as text; null for anything else. */
const numberOf = (value: unknown): number | null => {
  if (typeof value === "boolean") return Number(value);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
};

const isName = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Reads the optional keys of one entry, and remembers those that could not be used. */
const createOptional = (entry: Entry) => {
  const unusable: string[] = [];
  const known = <T>(key: string, value: unknown, expected: string, of: (value: unknown) => T | null): T | undefined => {
    if (isUnknown(value)) return undefined;
    const read = of(value);
    if (read === null) unusable.push(`${key}: not usable; expected ${expected}`);
    return read ?? undefined;
  };
  const amount = (key: string): number | undefined =>
    known(key, entry[key], "a number, 0 or more", (value) => {
      const number = numberOf(value);
      return number === null || number < 0 ? null : number;
    });
  const name = (key: string): string | undefined =>
    known(key, entry[key], "text or a number", (value) => (isName(value) ? String(value) : null));
  return { unusable, known, amount, name };
};

type Optional = ReturnType<typeof createOptional>;

const scoresOf = (value: unknown, { known }: Optional): Readonly<Record<string, number>> | undefined => {
  const scores = known("scores", value, "names with numbers", (given) => (isRecord(given) ? given : null));
  if (scores === undefined) return undefined;
  const read = Object.entries(scores).map(
    ([name, score]) => [name, known("scores", score, "numbers, true or false", numberOf)] as const,
  );
  return Object.fromEntries(read.filter((each): each is [string, number] => each[1] !== undefined));
};

/** Several choices have several reasons: that of the first. */
const finishReasonOf = ({ finish_reason: reason }: Entry, { known }: Optional): string | undefined =>
  known("finish_reason", Array.isArray(reason) ? reason[0] : reason, "text", (value) =>
    isName(value) ? String(value) : null,
  );

const textOfPart = (part: unknown): string => {
  if (typeof part === "string") return part;
  return isRecord(part) && typeof part.text === "string" ? part.text : "";
};

const isPart = (value: unknown): boolean => typeof value === "string" || (isRecord(value) && "type" in value);

/** The text of an answer: as it is, in parts, as a message, or the JSON of a structured one; null without. */
const textOf = (output: unknown): string | null => {
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

const left = (leftOut: string): RecordRead => ({ leftOut, isLoss: true });

const withoutCohort = (said: unknown): RecordRead => {
  if (said === "shadow") return { leftOut: "cohort: shadow, which is compared with nothing", isLoss: false };
  if (typeof said === "string") return left(`cohort: ${unknownName("value", said, COHORTS)}`);
  return left(`cohort: ${said === undefined ? "missing" : "not usable"}; expected one of ${COHORTS.join(", ")}`);
};

/** The record of one entry. `cohort` is that of its file, null where the entry has to say it. Keys not used are not looked at. */
export const readRecord = (value: unknown, cohort: Arm | null): RecordRead => {
  if (!isRecord(value)) return left("no object; expected one a line");
  const said = typeof value.cohort === "string" ? value.cohort.trim().toLowerCase() : value.cohort;
  const arm = cohort ?? (isArm(said) ? said : null);
  if (arm === null) return withoutCohort(isUnknown(said) ? undefined : said);
  const optional = createOptional(value);
  const reason = finishReasonOf(value, optional);
  const isToolCall = callsTools(value, reason);
  if (value.output === undefined && !isToolCall) return left("output: missing; expected text");
  const text = textOf(value.output);
  const record = {
    // Many clients write an empty text beside tool calls.
    ...{ cohort: arm, output: isToolCall && text === "" ? null : text, callsTools: isToolCall, finish_reason: reason },
    ...{ task: optional.name("task"), prompt_id: optional.name("prompt_id") },
    ...{ conversation_id: optional.name("conversation_id"), scores: scoresOf(value.scores, optional) },
    ...{ latency_ms: optional.amount("latency_ms"), output_tokens: optional.amount("output_tokens") },
  };
  const contradicts = isArm(said) && said !== arm ? said : null;
  return { record, unusable: optional.unusable, contradicts };
};
