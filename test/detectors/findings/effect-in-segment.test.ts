import { expect, test } from "vitest";
import { effectInSegment } from "../../../detectors/findings/effect-in-segment.ts";

const LANGUAGE = { name: "language", family: "script" } as const;
const known =
  (others: number) =>
  (feature: string): number =>
    feature === "language" ? 5 : others;

test.each([
  ["", 1.3, 5],
  ["input_type=faq", 1.3, 5],
  ["language=de", 1.3, 2],
  ["language=de", 3, 3],
  ["language=de", 9, 5],
])(
  "in the segment %j, where its family's other features have %d, the effect of language is %d",
  (segment, others, effect) => {
    expect(effectInSegment(segment, LANGUAGE, 100, known(others))).toBe(effect);
  },
);
