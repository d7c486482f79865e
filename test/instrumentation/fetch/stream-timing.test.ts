import { describe, expect, it } from "vitest";
import { StreamTimer } from "../../../instrumentation/fetch/stream-timing.ts";

const timingOf = (...reads: (readonly [asked: number, came: number])[]) => {
  const timer = new StreamTimer();
  for (const [asked, came] of reads) {
    timer.reading(asked);
    timer.chunk(came);
  }
  return timer.timing();
};

describe("the timing of a stream", () => {
  it.each([
    ["without a piece", [], { chunks: 0, meanGapMs: null, maxGapMs: null }],
    ["of one piece, which has no wait between two", [[0, 90]], { chunks: 1, meanGapMs: null, maxGapMs: null }],
    [
      "of several",
      [
        [0, 90],
        [90, 100],
        [100, 130],
        [130, 131],
      ],
      { chunks: 4, meanGapMs: 41 / 3, maxGapMs: 30 },
    ],
    [
      "leaves out how long the app took",
      [
        [0, 90],
        [5000, 5010],
      ],
      { chunks: 2, meanGapMs: 10, maxGapMs: 10 },
    ],
  ] as const)("%s", (_name, reads, expected) => {
    expect(timingOf(...reads)).toEqual(expected);
  });
});
