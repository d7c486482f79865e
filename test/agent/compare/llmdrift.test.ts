import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { measuresFor } from "../../../agent/compare/measures.ts";
import { observe } from "../../../agent/compare/observe.ts";
import { readRecords } from "../../../agent/compare/read-records.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { type Comparison, compare } from "../../../detectors/compare/compare.ts";

// Real model changes, and one model against itself (test/data/llmdrift).
const load = async (set: string) =>
  (await readRecords(fileURLToPath(new URL(`../../data/llmdrift/${set}.jsonl`, import.meta.url)), null)).records;

const compareSet = async (set: string): Promise<Comparison> => {
  const records = await load(set);
  return compare(measuresFor(records), observe(records));
};

const finding = ({ findings }: Comparison, family: string) => findings.find((each) => each.family === family);

describe("GPT-4, March to June 2023", () => {
  test("primes: chain of thought collapses to one line", async () => {
    const result = await compareSet("S1");
    expect(result.verdict).toBe("drift");
    expect(result.findings[0]).toMatchObject({
      family: "answer format",
      feature: "one_line",
      direction: "up",
      baseline: 0,
      canary: 1,
    });
    expect(finding(result, "length")).toMatchObject({ direction: "down" });
    expect(finding(result, "latency")).toMatchObject({ feature: "latency_ms", direction: "down" });
  });

  test("primes: ten answers a side are enough", async () => {
    const records = await load("S1");
    const few = ["baseline", "canary"].flatMap((cohort) =>
      records.filter((each) => each.cohort === cohort).slice(0, 10),
    );
    const result = compare(measuresFor(few), observe(few));
    expect(finding(result, "answer format")).toMatchObject({ n: { baseline: 10, canary: 10 } });
  });

  test("code: fences appear around everything", async () => {
    const result = await compareSet("S2");
    expect(finding(result, "code fence")).toMatchObject({ direction: "up", baseline: 0, canary: 0.88 });
  });

  test("sensitive questions: shorter answers, more refusals", async () => {
    const result = await compareSet("S3");
    expect(finding(result, "length")).toMatchObject({ direction: "down" });
    expect(finding(result, "refusal")).toMatchObject({ feature: "refusal", direction: "up" });
  });
});

test("one model against itself: silence as given, and as rarely broken over 20 random splits as stated", async () => {
  const records = await load("S4");
  const [measures, observations] = [measuresFor(records), observe(records)];
  expect(compare(measures, observations)).toMatchObject({ verdict: "none", findings: [] });
  let found = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const shuffled = observations.map((each) => ({ each, at: random() })).sort((a, b) => a.at - b.at);
    const split = shuffled.map(
      ({ each }, i) => ({ ...each, pair: null, arm: i % 2 === 0 ? "baseline" : "canary" }) as const,
    );
    found += Number(compare(measures, split).verdict === "drift");
  }
  // One in twenty is what is stated.
  expect(found).toBeLessThanOrEqual(3);
});
