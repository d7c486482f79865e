import { describe, expect, test } from "vitest";
import { binomialFrom, normalFrom, seededRandom } from "../../core/seeded-random.ts";
import { FORTNIGHT_HOURS } from "../../detectors/stats/fortnights.ts";
import { createMultiStart, createStarts } from "../../detectors/stats/multi-start.ts";
import { oneSampleIncrements } from "../../detectors/stats/one-sample.ts";
import { ratioThreshold, sampleRatioLogE } from "../../detectors/trust/sample-ratio.ts";

// Fourteen days, looked at every hour: users with very different habits, each bound to one arm for good.
interface Users {
  readonly count: number;
  readonly share: number;
  /** What an hour's calls come from: 1 = users hold their arm, 0 = every conversation is drawn anew. */
  readonly sticky: boolean;
}

/** The largest log e-value of any look of 14 days; `real` is the share that is really served. */
const worstLook = ({ count, share, sticky }: Users, real: number, seed: number): number => {
  const random = seededRandom(seed);
  const arm = Uint8Array.from({ length: count }, () => (random() < real ? 1 : 0));
  // Habits are log-normal: a few are there all day, most come now and then.
  const habit = Float64Array.from({ length: count }, () => Math.min(1, 0.02 * Math.exp(1.2 * normalFrom(random))));
  const seen = new Int16Array(count).fill(-100);
  let worst = Number.NEGATIVE_INFINITY;
  for (let hour = 0; hour < FORTNIGHT_HOURS; hour++) {
    let [canary, active] = [0, 0];
    for (let user = 0; user < count; user++) {
      if (random() < (habit[user] ?? 0)) {
        // A user whose last call is a day ago counts anew; without stickiness so does the draw.
        if (!sticky && hour - (seen[user] ?? 0) > 24) arm[user] = random() < real ? 1 : 0;
        seen[user] = hour;
      }
      if (hour - (seen[user] ?? 0) > 24) continue;
      active += 1;
      canary += arm[user] ?? 0;
    }
    const assigned = { canary, baseline: active - canary, identified: active };
    worst = Math.max(worst, sampleRatioLogE(assigned, share));
  }
  return worst;
};

const doubted = (users: Users, real: number, runs: number): number => {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) count += worstLook(users, real, seed) >= ratioThreshold(0) ? 1 : 0;
  return count;
};

describe("the sample ratio of users who keep their arm, over 14 days", () => {
  test.each([
    [200, 0.05],
    [1_000, 0.05],
    [1_000, 0.5],
  ])("%i users at the configured share %f are never in doubt, in 100 runs", (count, share) => {
    expect(doubted({ count, share, sticky: true }, share, 100)).toBe(0);
  });

  test("nor are users of whom the flag serves 8% more than configured, in 50 runs", () => {
    expect(doubted({ count: 1_000, share: 0.5, sticky: true }, 0.54, 50)).toBe(0);
  });

  test("nor are conversations that are drawn anew every time, in 50 runs", () => {
    expect(doubted({ count: 1_000, share: 0.05, sticky: false }, 0.05, 50)).toBe(0);
  });

  test("a share twice the configured one is in doubt within 14 days, in 20 of 20 runs", () => {
    expect(doubted({ count: 6_000, share: 0.05, sticky: false }, 0.1, 20)).toBe(20);
  });

  test("calls taken for users would be: one user in three hundred makes a tenth of the calls", () => {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      let [canary, calls] = [0, 0];
      for (let user = 0; user < 300; user++) {
        const made = Math.ceil(40 * Math.exp(1.5 * normalFrom(random)));
        calls += made;
        canary += random() < 0.05 ? made : 0;
      }
      const asUsers = { canary, baseline: calls - canary, identified: calls };
      alarms += sampleRatioLogE(asUsers, 0.05) >= ratioThreshold(0) ? 1 : 0;
    }
    expect(alarms).toBeGreaterThan(10);
  });
});

describe("an arm whose history begins anew", () => {
  const ALPHA = 0.05;
  const HOURS = 336;

  /** True when 14 days exactly at the limit, ten minutes a tick, ever reach the threshold. */
  const everReaches = (seed: number, restartEveryHours: number, isFresh: boolean): boolean => {
    const random = seededRandom(seed);
    let [starts, process] = [createStarts(0), createMultiStart()];
    let best = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < HOURS * 6; at++) {
      const isRestart = at > 0 && at % (restartEveryHours * 6) === 0;
      if (isRestart && isFresh) [starts, process] = [createStarts(at * 600_000), createMultiStart()];
      const sum = binomialFrom(random, 100, 0.05);
      process.step(oneSampleIncrements(sum, 100, 0.05, 1), starts.weight(at * 600_000, isRestart && !isFresh));
      best = Math.max(best, process.logE());
    }
    return best >= -Math.log(ALPHA);
  };
  const alarms = (restartEveryHours: number, isFresh: boolean, runs: number): number =>
    Array.from({ length: runs }, (_, i) => everReaches(i + 1, restartEveryHours, isFresh)).filter(Boolean).length;

  test("does not come with a new alpha: at most 5% of 400 runs at the limit alarm, with a restart a day as without", () => {
    expect(alarms(HOURS, false, 400)).toBeLessThanOrEqual(20);
    expect(alarms(24, false, 400)).toBeLessThanOrEqual(20);
  });

  test("a process thrown away and begun with its full alpha each time would alarm more often", () => {
    expect(alarms(12, true, 150)).toBeGreaterThan(alarms(12, false, 150) + 10);
  });

  test("weights of starts and restarts never sum to more than 1, whenever the restarts come", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const rate = random() * 0.1;
      const starts = createStarts(0);
      let sum = 0;
      for (let at = 0; at < 500 * 60; at++) sum += Math.exp(starts.weight(at * 60_000, random() < rate));
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  test("finds a regression that begins with the restart, after a week of health, soon", () => {
    const callsToAlarm = (restarts: boolean, seed: number): number => {
      const random = seededRandom(seed);
      const [starts, process] = [createStarts(0), createMultiStart()];
      const change = 7 * 24 * 60 + 7;
      for (let minute = 0; minute < change + 600; minute++) {
        const sum = binomialFrom(random, 20, minute < change ? 0.01 : 0.15);
        const isRestart = restarts && minute === change;
        process.step(oneSampleIncrements(sum, 20, 0.05, 1), starts.weight(minute * 60_000, isRestart));
        if (process.logE() >= Math.log(100)) return (minute - change) * 20;
      }
      return Number.POSITIVE_INFINITY;
    };
    const median = (restarts: boolean): number =>
      Array.from({ length: 31 }, (_, i) => callsToAlarm(restarts, i + 1)).sort((a, b) => a - b)[15] ?? Number.NaN;
    expect(median(true)).toBeLessThan(200);
    expect(median(true)).toBeLessThan(median(false) / 2);
  });
});
