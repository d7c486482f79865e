import { z } from "zod";
import type { Audience } from "../../core/audience.ts";
import { normalisedValue } from "../../core/audience.ts";
import type { Migration } from "../../core/migration.ts";
import { unknownName } from "./problem.ts";

/** Longer values are cut on a call's span, and would never be found there. */
const MAX_CHARS = 64;
const MAX_VALUES = 50;

const value = z.union([z.string(), z.number(), z.boolean()]);

/** `segment` of a stage as it is written: a segment's name, and one or several of its values. */
export type WrittenStageSegment = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[]>
>;

/** Schema of {@link WrittenStageSegment}. */
export const writtenStageSegment: z.ZodType<WrittenStageSegment> = z.record(
  z.string(),
  z.union([value, z.array(value).min(1).max(MAX_VALUES)]),
);

type SegmentProblem = { readonly key: string; readonly text: string };

const valueProblem = (text: string): string => {
  if (text === "") return "an empty value is no value; expected one that calls carry, such as internal";
  return [...text].length > MAX_CHARS
    ? `longer than the ${MAX_CHARS} characters that are kept of a call's value; expected a shorter one`
    : "";
};

/** Whom a stage is for, or what is wrong with what is written. Values are compared as the document's `segments` normalise them. */
export const readStageSegment = (
  written: WrittenStageSegment,
  { segments, segmentOptions = {} }: Pick<Migration, "segments" | "segmentOptions">,
): Audience | readonly SegmentProblem[] => {
  const [first, second] = Object.entries(written);
  if (first === undefined)
    return [{ key: "segment", text: "empty; expected a name and a value, such as { tier: internal }" }];
  if (second !== undefined)
    return [
      {
        key: "segment",
        text: `${second[0]} beside ${first[0]}; expected one name, whose several values may stand in a list`,
      },
    ];
  const [name, given] = first;
  const key = `segment.${name.slice(0, 100)}`;
  if (!segments.includes(name)) {
    const text =
      segments.length === 0
        ? `the document names no segment; expected segments: [${name}], so that its calls can be told apart`
        : unknownName("segment", name, segments);
    return [{ key, text }];
  }
  const normalise = segmentOptions[name]?.normalise ?? [];
  const values = [given].flat().map((each) => normalisedValue(String(each), normalise));
  const problems = values.map(valueProblem).filter((text) => text !== "");
  if (problems.length > 0) return problems.map((text) => ({ key, text }));
  return {
    segment: name,
    values: [...new Set(values)].sort(),
    ...(normalise.length === 0 ? {} : { normalise }),
  };
};
