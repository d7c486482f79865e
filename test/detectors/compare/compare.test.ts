import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { compare } from "../../../detectors/compare/compare.ts";
import type { Measure, Observation } from "../../../detectors/compare/observation.ts";

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
  test("equal arms: hardly ever a finding, at most as often as stated", () => {
    const verdicts = Array.from({ length: 40 }, (_, seed) =>
      compare(MEASURES, [...answers("baseline", 200, seed + 1), ...answers("canary", 200, 1000 + seed)]),
    );
    // 5% of 40 are 2; more than 6 is one in two hundred.
    expect(verdicts.filter(({ verdict }) => verdict === "drift").length).toBeLessThanOrEqual(6);
    const none = verdicts.find(({ verdict }) => verdict === "none");
    expect(none?.notes.join()).toMatch(
      /^would have found, in 9 of 10 cases, a rise of \d+ points from 10%, or a number's/,
    );
  });

  test("equal arms of few answers: undecided, and how many would decide", () => {
    const result = compare(MEASURES, [...answers("baseline", 60, 1), ...answers("canary", 30, 2)]);
    expect(result).toMatchObject({ verdict: "undecided", findings: [] });
    expect(result.notes[0]).toMatch(/^only 30 answers on the smaller side; .* takes about \d+ of each cohort/);
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
    expect(findings[0]?.evidence).toMatchObject({ alpha: 0.05, p: 1 / 2000 });
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
    expect(result.findings.map(({ family }) => family)).not.toContain("length");
    expect(result.notes.join()).toContain("traffic mix changed (chat 83.3% to 16.7%, essay 16.7% to 83.3%)");
  });

  test("a mix that differs by six points is what conversations do by chance, and is not said", () => {
    const mixed = [
      ...answers("baseline", 3000, 1, ordinary, { stratum: "chat" }),
      ...answers("baseline", 1000, 2, ordinary, { stratum: "essay" }),
      ...answers("canary", 2760, 3, ordinary, { stratum: "chat" }),
      ...answers("canary", 1240, 4, ordinary, { stratum: "essay" }),
    ];
    const { verdict, notes } = compare(MEASURES, mixed);
    expect([verdict, notes.filter((note) => note.includes("mix"))]).toEqual(["none", []]);
  });

  describe("answers of one conversation resemble one another", () => {
    /** Conversations of fifteen answers that all end the same way. */
    const talks = (arm: Observation["arm"], seed: number, named: boolean): readonly Observation[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 40 }, (_, talk) => {
        const finish = random() < 0.5 ? "stop" : "length";
        const conversation = named ? `${arm} ${talk}` : null;
        return answers(arm, 15, seed * 100 + talk, (each) => ({ ...ordinary(each), finish }), { conversation });
      }).flat();
    };
    const alarms = (named: boolean): number => {
      const seeds = Array.from({ length: 15 }, (_, i) => i + 1);
      const both = (seed: number) => [...talks("baseline", seed, named), ...talks("canary", 500 + seed, named)];
      return seeds.filter((seed) => compare(MEASURES, both(seed)).verdict === "drift").length;
    };

    test("with their conversation named, equal arms are rarely taken for different; as answers by themselves they are not", () => {
      expect(alarms(true)).toBeLessThanOrEqual(3);
      expect(alarms(false)).toBeGreaterThanOrEqual(5);
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

  test("a count that most answers have none of is found, and the part of its range that moved is named", () => {
    const entries =
      (of: number): Draw =>
      (random) => ({ ...ordinary(random), words: random() < 0.25 ? of : 0 });
    const { findings } = compare(MEASURES, [
      ...answers("baseline", 1000, 1, entries(3)),
      ...answers("canary", 1000, 2, entries(4)),
    ]);
    expect(findings).toMatchObject([{ feature: "words" }]);
    expect(["3", "4", "4 and more"]).toContain(findings[0]?.label);
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
