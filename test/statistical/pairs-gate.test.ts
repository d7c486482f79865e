import { describe, expect, it } from "vitest";
import { judgeOf, simulate } from "../../bench/judge/simulate.ts";
import { normalFrom, seededRandom } from "../../core/seeded-random.ts";
import { createClusterBuckets } from "../../detectors/pairs/cluster-buckets.ts";
import { gateBound } from "../../detectors/pairs/gate-bound.ts";
import type { Label } from "../../detectors/pairs/judge/corrected-rate.ts";
import { createPairFold } from "../../detectors/pairs/pair-fold.ts";
import { alike, pairRow } from "../detectors/pairs/pair-rows.ts";

type Random = () => number;

/** Marsaglia and Tsang. */
const gammaFrom = (random: Random, shape: number): number => {
  if (shape < 1) return gammaFrom(random, shape + 1) * (1 - random()) ** (1 / shape);
  const [d, c] = [shape - 1 / 3, 1 / Math.sqrt(9 * (shape - 1 / 3))];
  for (;;) {
    const x = normalFrom(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
};

/** A user's own rate: mean `mean`, and so alike are the pairs of one user (intraclass correlation). */
const userRate = (random: Random, mean: number, likeness: number): number => {
  if (likeness === 0) return mean;
  const total = (1 - likeness) / likeness;
  const [a, b] = [gammaFrom(random, mean * total), gammaFrom(random, (1 - mean) * total)];
  return a / (a + b);
};

const LIMIT = 0.03;
const LOOK = 100;
const NONE = { worse: 0, inconsistent: 0, all: 0 };

interface World {
  readonly users: number;
  readonly likeness: number;
  readonly rate: number;
}

/** After how many pairs the gate opens, looked at after every 100 of 5,000; null = never. */
const opensAfter = ({ users, likeness, rate }: World, seed: number): number | null => {
  const random = seededRandom(seed);
  const rates = Array.from({ length: users }, () => userRate(random, rate, likeness));
  const buckets = createClusterBuckets();
  let regressions = 0;
  for (let pairs = 1; pairs <= 5000; pairs++) {
    const user = Math.floor(random() * users);
    const isBad = random() < (rates[user] ?? 0);
    buckets.add(`user ${user}`, "", isBad);
    regressions += Number(isBad);
    if (pairs % LOOK !== 0) continue;
    const counts = { pairs, regressions, open: 0, judged: NONE, labels: [], version: 1 };
    const reruns = { pairs: 0, regressions: 0, open: 0 };
    if (gateBound({ ...counts, reruns, designEffect: buckets.designEffect() }, 1).upper <= LIMIT) return pairs;
  }
  return null;
};

const RUNS = 60;
const opened = (world: World): readonly number[] =>
  Array.from({ length: RUNS }, (_, seed) => opensAfter(world, seed)).filter((pairs) => pairs !== null);

describe("the gate, looked at all the time", () => {
  // Exactly at the limit, the worst case that must not pass: 5% at most, by chance up to 8 of 60.
  it.each<World>([
    { users: 400, likeness: 0, rate: LIMIT },
    { users: 400, likeness: 0.05, rate: LIMIT },
    { users: 400, likeness: 0.2, rate: LIMIT },
    { users: 50, likeness: 0.05, rate: LIMIT },
    { users: 50, likeness: 0.2, rate: LIMIT },
  ])("stays shut at the limit: %j", (world) => {
    expect(opened(world).length).toBeLessThanOrEqual(8);
  });

  it.each<readonly [World, number]>([
    [{ users: 400, likeness: 0.05, rate: 0.01 }, 2500],
    [{ users: 400, likeness: 0, rate: 0.002 }, 1000],
  ])("opens for a candidate that is well within it: %j", (world, pairs) => {
    const found = [...opened(world)].sort((a, b) => a - b);
    expect(found.length).toBeGreaterThan(0.95 * RUNS);
    expect(found[RUNS / 2]).toBeLessThan(pairs);
  });
});

describe("open pairs of which some were read", () => {
  /** A fifth of the pairs is open; of those `worse` are regressions, a tenth is read by a judge, a tenth of that by people. */
  const isOpened = (worse: number, missed: number, people: number, seed: number): boolean => {
    const random = seededRandom(seed);
    const judged = { worse: 0, inconsistent: 0, all: 0 };
    const labels: Label[] = [];
    let open = 0;
    for (let pairs = 1; pairs <= 30_000; pairs++) {
      if (random() < 0.2) {
        open += 1;
        const truth = random() < worse ? 1 : 0;
        const says = truth === 1 && random() >= missed ? 1 : 0;
        if (random() < 0.1) {
          judged.all += 1;
          judged.worse += says;
          if (random() < people) labels.push({ truth, judged: says });
        }
      }
      if (pairs % 1000 !== 0) continue;
      const reruns = { pairs: 0, regressions: 0, open: 0 };
      const counts = { pairs, regressions: 0, open, judged, labels, reruns, designEffect: 1, version: 3 };
      if (gateBound(counts, 1).upper <= LIMIT) return true;
    }
    return false;
  };
  const share = (...world: readonly [worse: number, missed: number, people: number]): number =>
    Array.from({ length: RUNS }, (_, seed) => isOpened(...world, seed)).filter(Boolean).length / RUNS;

  it("keep the gate shut at the limit, by a judge that is right, and by one that people correct", () => {
    expect(share(LIMIT / 0.2, 0, 0)).toBeLessThanOrEqual(0.1);
    expect(share(LIMIT / 0.2, 0.7, 0.5)).toBeLessThanOrEqual(0.1);
  });

  it("open it well within the limit; a judge that misses most opens it wrongly, where nobody corrects it", () => {
    expect(share(0.05, 0, 0)).toBeGreaterThanOrEqual(0.95);
    expect(share(0.03, 0.3, 0.5)).toBeGreaterThanOrEqual(0.95);
    expect(share(LIMIT / 0.2, 0.7, 0)).toBeGreaterThanOrEqual(0.9);
  });
});

describe("the whole fold, as rows come", () => {
  /** Reruns are the baseline's own noise; of the candidate's pairs `bad` are regressions by a fact, users alike. */
  const outcomes = (bad: number, seed: number): readonly string[] => {
    const random = seededRandom(seed);
    const fold = createPairFold();
    const users = Array.from({ length: 300 }, () => userRate(random, bad, 0.05));
    const noise = () => alike(Math.round(100 * (1 - 0.4 * random() ** 2)) / 100);
    const found = new Set<string>();
    for (let i = 1; i <= 4000; i++) {
      const user = Math.floor(random() * users.length);
      const isBad = random() < (users[user] ?? 0);
      if (random() < 0.05) fold.add(pairRow({ kind: "rerun", ...noise() }));
      const made = isBad ? { ...alike(0.2), changed: ["refusal-new", "text"] } : noise();
      fold.add(pairRow({ ...made, cluster: `u${user}`, segments: { tier: user % 4 === 0 ? "free" : "paid" } }));
      if (i % 200 === 0) found.add(fold.report().evidence.outcome);
    }
    return [...found];
  };

  it("never opens the gate at the limit, and never calls that a breach, but for chance", () => {
    const all = Array.from({ length: 25 }, (_, seed) => outcomes(LIMIT, seed));
    expect(all.filter((each) => each.includes("clear")).length).toBeLessThanOrEqual(4);
    expect(all.filter((each) => each.includes("breach")).length).toBeLessThanOrEqual(2);
  });

  it("opens it for a candidate that is as unsteady as the baseline, and breaks for one that is bad", () => {
    const good = Array.from({ length: 10 }, (_, seed) => outcomes(0, seed));
    expect(good.filter((each) => each.includes("clear")).length).toBeGreaterThanOrEqual(9);
    expect(good.filter((each) => each.includes("breach"))).toEqual([]);
    const bad = Array.from({ length: 5 }, (_, seed) => outcomes(0.12, seed));
    expect(bad.every((each) => each.includes("breach") && !each.includes("clear"))).toBe(true);
  });
});

describe("a candidate that is the baseline itself", () => {
  /** Answers that differ as those of one model do: likeness, and a dozen changes that are rare each. */
  const rerun = (random: Random) => {
    const rates = {
      numbers: 0.3,
      shorter: 0.03,
      longer: 0.03,
      "format:list": 0.02,
      "finish:stop": 0.005,
      "language:fr": 0.003,
    };
    const changed = Object.entries(rates).flatMap(([code, rate]) => (random() < rate ? [code] : []));
    const fields = Array.from({ length: 10 }, (_, k) => `value:${k}`).filter(() => random() < 0.01);
    return {
      ...alike(Math.round(100 * (1 - 0.6 * random() ** 1.5)) / 100),
      changed: ["text", ...changed, ...fields].sort(),
    };
  };

  it("is let through within 10,000 pairs, of which one in twenty was asked twice", () => {
    const opens = Array.from({ length: 8 }, (_, seed) => {
      const random = seededRandom(seed);
      const fold = createPairFold();
      for (let i = 1; i <= 10_000; i++) {
        if (random() < 0.05) fold.add(pairRow({ kind: "rerun", ...rerun(random) }));
        fold.add(pairRow({ ...rerun(random), cluster: `u${Math.floor(random() * 1000)}` }));
        if (i % 1000 === 0 && fold.report().evidence.outcome === "clear") return true;
      }
      return false;
    });
    expect(opens.filter(Boolean).length).toBeGreaterThanOrEqual(7);
  });
});

describe("the judge that is corrected by people", () => {
  const settings = { limit: 0.15, alpha: 0.05, maxLabels: 300, read: 3000 };

  it.each([
    ["calls too much worse", 0.1],
    ["calls too little worse", -0.1],
  ])("opens nothing at the limit though a fifth of its words are wrong, and it %s by 10 points", (_what, bias) => {
    const world = bias < 0 ? { rate: 0.15, missed: 1, invented: 0.05 / 0.85 } : judgeOf(0.15, 0.2, bias);
    const wrong = Array.from({ length: 150 }, (_, seed) => simulate(world, settings, seed));
    expect(wrong.filter(({ corrected }) => corrected !== null).length).toBeLessThanOrEqual(14);
  });

  it("saves a quarter of the labels at least where it is wrong in 5% of the pairs, and costs few where it is a coin", () => {
    const median = (error: number, method: "corrected" | "labels alone"): number => {
      const wide = { ...settings, limit: 0.38, maxLabels: 1000, read: 20_000 };
      const counts = Array.from(
        { length: 60 },
        (_, seed) => simulate(judgeOf(0.3, error, 0), wide, seed)[method] ?? 1000,
      );
      return counts.sort((a, b) => a - b)[30] ?? 1000;
    };
    expect(median(0.05, "corrected")).toBeLessThan(0.75 * median(0.05, "labels alone"));
    expect(median(0.5, "corrected")).toBeLessThan(1.3 * median(0.5, "labels alone"));
  });
});
