import { z } from "zod";
import {
  DEFAULT_SEGMENT_VALUES,
  MAX_SEGMENT_VALUES,
  type Migration,
  type SegmentOptions,
} from "../../core/migration.ts";
import { NORMALISATIONS } from "../../core/normalisations.ts";
import type { Problem } from "./problem.ts";

const name = z.string().regex(/^[A-Za-z0-9_.-]+$/, "expected a name of letters, digits, . _ -");

const withOptions = z.strictObject({
  name,
  normalise: z.array(z.enum(NORMALISATIONS)).default([]),
  values: z.int().min(1).max(MAX_SEGMENT_VALUES).default(DEFAULT_SEGMENT_VALUES),
});

/** A name, or a name with how its values are told apart. */
export type WrittenSegment = string | ({ readonly name: string } & SegmentOptions);

/** `segments` of a document. Default: none. */
export const writtenSegments: z.ZodType<readonly WrittenSegment[]> = z
  .array(z.union([name, withOptions]))
  .max(20)
  .default([]);

/** What the written segments mean, and what is wrong with them. */
interface SegmentsRead {
  readonly segments: Pick<Migration, "segments" | "segmentOptions">;
  readonly problems: readonly Problem[];
}

const optionsOf = (written: WrittenSegment): readonly (readonly [name: string, options: SegmentOptions])[] => {
  if (typeof written === "string") return [];
  const { name: of, normalise: asked, values } = written;
  const normalise = NORMALISATIONS.filter((each) => asked.includes(each));
  // What is written out and says what the name alone would is the same document.
  return normalise.length === 0 && values === DEFAULT_SEGMENT_VALUES ? [] : [[of, { normalise, values }]];
};

/** The names, and the options of those that have others than by default. Each name may stand there once. */
export const readSegments = (written: readonly WrittenSegment[], file: string): SegmentsRead => {
  const names = written.map((each) => (typeof each === "string" ? each : each.name));
  const options = written.flatMap(optionsOf);
  const problems = names.flatMap((each, i) =>
    names.indexOf(each) === i
      ? []
      : [{ file, path: `segments[${i}]`, text: `${each} stands there twice; expected each segment once` }],
  );
  const segmentOptions = options.length === 0 ? {} : { segmentOptions: Object.fromEntries(options) };
  return { segments: { segments: names, ...segmentOptions }, problems };
};
