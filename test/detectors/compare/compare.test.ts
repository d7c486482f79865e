import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { compare } from "../../../detectors/compare/compare.ts";
import { chanceOfLarger } from "../../../detectors/compare/effect.ts";
import type { Measure, Observation } from "../../../detectors/compare/observation.ts";
import { pairLogE } from "../../../detectors/compare/pair-evidence.ts";

const MEASURES: readonly Measure[] = [
  { name: "length", family: "length", kind: "number" },
  { name: "words", family: "length", kind: "number" },
  { name: "fence", family: "code fence", kind: "flag" },
  { name: "finish", family: "finish", kind: "label" },
];

type Draw = (random: () => number) => Readonly<Record<string, number | string>>;

const ordinary: Draw = (random) => {
  const length = Math.exp(5 + random() + random());
  return { length, words: length / 5, fence: random() < 0.1 ? 1 : 0, finish: random() < 0.9 ? "stop" : "length" };
};

const answers = (
  arm: Observation["arm"],
  n: number,
  seed: number,
  draw: Draw = ordinary,
  fields: Partial<Observation> = {},
): readonly Observation[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => ({
    arm,
    stratum: "",
    pair: null,
    conversation: null,
    values: new Map(Object.entries(draw(random))),
    ...fields,
  }));
};

describe("compare", () => {
  test("equal arms: none, in fifty seeds", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const result = compare(MEASURES, [...answers("baseline", 200, seed), ...answers("canary", 200, 1000 + seed)]);
      expect(result).toMatchObject({ verdict: "none", findings: [] });
    }
  });

  test("equal arms of few answers: undecided, and why", () => {
    const result = compare(MEASURES, [...answers("baseline", 60, 1), ...answers("canary", 30, 2)]);
    expect(result).toMatchObject({ verdict: "undecided", findings: [] });
    expect(result.notes[0]).toContain("only 30 answers on the smaller side");
  });

  test("one finding a family, strongest feature first, the others beside it", () => {
    const longer: Draw = (random) => {
      const { length, ...rest } = ordinary(random);
      return { ...rest, length: Number(length) * 2, words: Number(length) / 2.5 };
    };
    const { verdict, findings } = compare(MEASURES, [
      ...answers("baseline", 200, 1),
      ...answers("canary", 200, 2, longer),
    ]);
    expect(verdict).toBe("drift");
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      family: "length",
      direction: "up",
      segment: "",
      n: { baseline: 200, canary: 200 },
    });
    expect([findings[0]?.feature, ...(findings[0]?.also ?? [])].sort()).toEqual(["length", "words"]);
    expect(findings[0]?.evidence.log_e).toBeGreaterThanOrEqual(findings[0]?.evidence.threshold ?? Number.NaN);
  });

  test("a significant trifle is no finding: the effect has a floor", () => {
    const slightly: Draw = (random) => ({ ...ordinary(random), fence: random() < 0.125 ? 1 : 0 });
    const { findings } = compare(MEASURES, [
      ...answers("baseline", 40_000, 1),
      ...answers("canary", 40_000, 2, slightly),
    ]);
    expect(findings).toEqual([]);
  });

  test("a shift in one task of three names the task", () => {
    const fenced: Draw = (random) => ({ ...ordinary(random), fence: 1 });
    const tasks = ["faq", "billing", "code"].flatMap((stratum, i) => [
      ...answers("baseline", 120, 10 + i, ordinary, { stratum }),
      ...answers("canary", 120, 20 + i, stratum === "code" ? fenced : ordinary, { stratum }),
    ]);
    const [finding] = compare(MEASURES, tasks).findings;
    expect(finding).toMatchObject({ family: "code fence", direction: "up" });
  });

  test("another mix of tasks is said, and is not called drift", () => {
    const long: Draw = (random) => ({ ...ordinary(random), length: 9000, words: 1800 });
    const mixed = [
      ...answers("baseline", 250, 1, ordinary, { stratum: "chat" }),
      ...answers("baseline", 50, 2, long, { stratum: "essay" }),
      ...answers("canary", 50, 3, ordinary, { stratum: "chat" }),
      ...answers("canary", 250, 4, long, { stratum: "essay" }),
    ];
    const result = compare(MEASURES, mixed);
    expect(result.verdict).toBe("none");
    expect(result.notes.join()).toContain("traffic mix changed");
  });

  test("a mix that differs by six points is what conversations do by chance, and is not said", () => {
    const mixed = [
      ...answers("baseline", 3000, 1, ordinary, { stratum: "chat" }),
      ...answers("baseline", 1000, 2, ordinary, { stratum: "essay" }),
      ...answers("canary", 2760, 3, ordinary, { stratum: "chat" }),
      ...answers("canary", 1240, 4, ordinary, { stratum: "essay" }),
    ];
    expect(compare(MEASURES, mixed)).toEqual({ verdict: "none", findings: [], notes: [] });
  });

  describe("answers of one conversation resemble one another", () => {
    /** Conversations of six answers that all end the same way. */
    const talks = (arm: Observation["arm"], seed: number, named: boolean): readonly Observation[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 60 }, (_, talk) => {
        const finish = random() < 0.5 ? "stop" : "length";
        const conversation = named ? `${arm} ${talk}` : null;
        return answers(arm, 6, seed * 100 + talk, (each) => ({ ...ordinary(each), finish }), { conversation });
      }).flat();
    };
    const alarms = (named: boolean): number => {
      const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
      const both = (seed: number) => [...talks("baseline", seed, named), ...talks("canary", 500 + seed, named)];
      return seeds.filter((seed) => compare(MEASURES, both(seed)).verdict === "drift").length;
    };

    test("with their conversation named, equal arms are silent; as answers by themselves they are not", () => {
      expect(alarms(true)).toBe(0);
      expect(alarms(false)).toBeGreaterThan(0);
    });

    test("a difference that every conversation shows is found all the same", () => {
      const longer = talks("canary", 501, true).map((each) => ({ ...each, values: new Map([["length", 9000]]) }));
      const { findings } = compare(MEASURES, [...talks("baseline", 1, true), ...longer]);
      expect(findings[0]).toMatchObject({ feature: "length", direction: "up" });
    });
  });

  test("a label that was rare and is ten times as frequent is a finding, though few answers changed", () => {
    const finishing =
      (share: number): Draw =>
      (random) => ({ ...ordinary(random), finish: random() < share ? "content_filter" : "stop" });
    const { findings } = compare(MEASURES, [
      ...answers("baseline", 3000, 1, finishing(0.003)),
      ...answers("canary", 3000, 2, finishing(0.03)),
    ]);
    expect(findings).toMatchObject([
      { family: "finish", feature: "finish", direction: "changed", label: "content_filter" },
    ]);
  });

  test("a count that most answers have none of is found, and the bin that moved is named", () => {
    const entries =
      (of: number): Draw =>
      (random) => ({ ...ordinary(random), words: random() < 0.25 ? of : 0 });
    const { findings } = compare(MEASURES, [
      ...answers("baseline", 1000, 1, entries(3)),
      ...answers("canary", 1000, 2, entries(4)),
    ]);
    expect(findings).toMatchObject([{ feature: "words", direction: "changed" }]);
    expect(["3 to 4", "4 and more"]).toContain(findings[0]?.label);
  });

  test("pairs see what unpaired answers of few prompts cannot", () => {
    const random = seededRandom(5);
    const prompts = Array.from({ length: 60 }, () => Math.exp(3 + 4 * random()));
    const of = (arm: Observation["arm"], factor: number, paired: boolean): readonly Observation[] =>
      prompts.map((length, i) => ({
        arm,
        stratum: "",
        pair: paired ? String(i) : null,
        conversation: null,
        values: new Map([["length", length * factor * (1 + random() / 50)]]),
      }));
    const both = (paired: boolean): readonly Observation[] => [
      ...of("baseline", 1, paired),
      ...of("canary", 1.4, paired),
    ];
    expect(compare(MEASURES, both(false)).findings).toEqual([]);
    expect(compare(MEASURES, both(true)).findings[0]).toMatchObject({ feature: "length", direction: "up" });
  });
});

test("the sign test is valid: the mean of its e-value over all outcomes of fair coins is at most 1", () => {
  for (const n of [1, 5, 20, 60]) {
    let [mean, choose] = [0, 1];
    for (let larger = 0; larger <= n; larger++) {
      mean += choose * 0.5 ** n * Math.exp(pairLogE(larger, n - larger));
      choose = (choose * (n - larger)) / (larger + 1);
    }
    expect(mean).toBeLessThanOrEqual(1 + 1e-9);
  }
});

test("the chance of a larger canary value counts ties half", () => {
  expect(chanceOfLarger([1, 2, 3], [1, 2, 3])).toBe(0.5);
  expect(chanceOfLarger([2], [1, 1, 2, 5])).toBe(2.5 / 4);
  expect(chanceOfLarger([9, 9], [1])).toBe(1);
});
