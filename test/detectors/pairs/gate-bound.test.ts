import { describe, expect, it } from "vitest";
import { type GateCounts, gateBound } from "../../../detectors/pairs/gate-bound.ts";

const counts = (fields: Partial<GateCounts>): GateCounts => ({
  ...{ pairs: 0, regressions: 0, open: 0, labels: [], designEffect: 1, version: 1 },
  judged: { worse: 0, inconsistent: 0, all: 0 },
  reruns: { pairs: 0, regressions: 0, open: 0 },
  ...fields,
});
const RERUNS = { pairs: 400, regressions: 6, open: 14 };

describe("the bound of the gate", () => {
  // Worked out once more by an implementation of its own, in Python.
  it.each<readonly [string, GateCounts, comparisons: number, upper: number, lower: number, counted: number]>([
    ["no regression", counts({ pairs: 1000 }), 1, 0.0061359424, 0, 1],
    [
      "some open",
      counts({ pairs: 2000, regressions: 20, open: 30, designEffect: 2, version: 3 }),
      ...([5, 0.0501540891, 0.0019680462, 1] as const),
    ],
    [
      "reruns that regress",
      counts({ pairs: 10_000, regressions: 150, open: 500, reruns: RERUNS, designEffect: 1.5, version: 4 }),
      ...([3, 0.0670873113, 0.0099353296, 1] as const),
    ],
    [
      "a judge",
      counts({
        ...{ pairs: 10_000, regressions: 50, open: 2000, reruns: RERUNS, version: 2 },
        judged: { worse: 4, inconsistent: 6, all: 200 },
      }),
      ...([3, 0.0386606232, 0.0027350229, 0.1389534246] as const),
    ],
  ])("of %s has its golden value", (_what, given, comparisons, upper, lower, counted) => {
    const bound = gateBound(given, comparisons);
    expect(bound.upper).toBeCloseTo(upper, 9);
    expect(bound.lower).toBeCloseTo(lower, 9);
    expect(bound.open.counted).toBeCloseTo(counted, 9);
  });

  it("of no pairs says nothing", () => {
    expect(gateBound(counts({}), 1)).toMatchObject({ upper: 1, lower: 0 });
  });

  it("grows with regressions, open pairs, likeness and floors, and shrinks with what reruns have", () => {
    const given = counts({
      pairs: 5000,
      regressions: 100,
      open: 100,
      reruns: { pairs: 2000, regressions: 20, open: 0 },
    });
    const { upper } = gateBound(given, 1);
    const changed = (fields: Partial<GateCounts>): number => gateBound({ ...given, ...fields }, 1).upper;
    expect(changed({ regressions: 150 })).toBeGreaterThan(upper);
    expect(changed({ open: 150 })).toBeGreaterThan(upper);
    expect(changed({ designEffect: 3 })).toBeGreaterThan(upper);
    expect(changed({ version: 5 })).toBeGreaterThan(upper);
    expect(changed({ reruns: { pairs: 2000, regressions: 60, open: 0 } })).toBeLessThan(upper);
    expect(changed({ judged: { worse: 0, inconsistent: 0, all: 500 } })).toBeLessThan(upper);
  });
});
