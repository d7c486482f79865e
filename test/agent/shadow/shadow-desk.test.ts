import { describe, expect, it } from "vitest";
import { createShadowDesk } from "../../../agent/shadow/shadow-desk.ts";
import type { Standing } from "../../../core/standing.ts";
import type { ShadowSpend } from "../../../store/pairs/shadow-spend.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const STAGES = { stages: "stages: [{ shadow: 40%, for: 7d }, { canary: 5%, for: 1h }]" };
const NOTHING: ShadowSpend = { calls: 0, tokens: 0, usd: 0, unpriced: 0 };
const DAY = 86_400_000;
const T0 = 20_000 * DAY + 3_600_000;

const world = (shadow: string, spent: ShadowSpend | Error = NOTHING) => {
  const migration = migrationOf(documentText(STAGES, `shadow: ${shadow}`));
  let [now, stage, standing]: [number, number, Standing] = [T0, 0, "running"];
  let since = T0 - 3 * DAY;
  const asked: number[] = [];
  const runner = { migration, history: { state: () => ({ stage, since }) }, snapshot: () => ({ standing }) };
  const { log, messages } = recordingLog();
  const desk = createShadowDesk({
    runners: () => [runner as never],
    spend: async (_, from) => {
      asked.push(from);
      if (spent instanceof Error) throw spent;
      return spent;
    },
    now: () => now,
    log,
  });
  const at = (next: {
    readonly now?: number;
    readonly stage?: number;
    readonly standing?: Standing;
    readonly since?: number;
  }): void => {
    ({ now = now, stage = stage, standing = standing, since = since } = next);
  };
  const plans = (service = "support-api", instance = "pod-1") => desk.plansFor({ service, instance }).plans;
  return { desk, plans, at, messages, asked };
};

describe("what an app is to shadow", () => {
  it("is what the document says of the shadow stage it stands at", async () => {
    const { desk, plans } = world("{ baseUrl: 'https://api.example.com', key: CANDIDATE_KEY, budget: { usd: 5 } }");
    await desk.look();
    expect(plans()).toEqual([
      {
        ...{ migration: "m", operation: null, baselineModel: "old", candidateModel: "new", share: 0.4 },
        ...{ selfRerun: 0.02, audience: null, baseUrl: "https://api.example.com/", key: "CANDIDATE_KEY" },
        ...{
          timeoutMs: 60_000,
          concurrency: 4,
          similarity: null,
          judge: null,
          left: { calls: 10_000, tokens: null, usd: 5 },
        },
      },
    ]);
  });

  it("is nothing for another service, at another stage, and while the migration does not run", async () => {
    const { desk, plans, at } = world("{}");
    await desk.look();
    expect(plans("other")).toEqual([]);
    for (const standing of ["paused", "rolled-back", "not-rolled-back", "abandoned"] as const) {
      at({ standing });
      expect(plans()).toEqual([]);
    }
    at({ standing: "running", stage: 1 });
    expect(plans()).toEqual([]);
  });

  it("shares what is left of the day among the processes that ask", async () => {
    const spent = { calls: 400, tokens: 90_000, usd: 2, unpriced: 0 };
    const { desk, plans, at } = world("{ budget: { calls: 1000, tokens: 100000, usd: 5 } }", spent);
    await desk.look();
    expect(plans("support-api", "pod-1")[0]?.left).toEqual({ calls: 600, tokens: 10_000, usd: 3 });
    expect(plans("support-api", "pod-2")[0]?.left).toEqual({ calls: 300, tokens: 5_000, usd: 1.5 });
    at({ now: T0 + 200_000 });
    expect(plans("support-api", "pod-2")[0]?.left).toEqual({ calls: 600, tokens: 10_000, usd: 3 });
  });

  it("is nothing left, not less than nothing, when the day has taken more", async () => {
    const { desk, plans } = world("{ budget: { calls: 100 } }", { calls: 130, tokens: 0, usd: 0, unpriced: 0 });
    await desk.look();
    expect(plans()[0]?.left.calls).toBe(0);
  });

  it("is nothing while it is not known what the day took, and on the next day until it is", async () => {
    const broken = world("{}", new Error("the store is down"));
    await broken.desk.look();
    expect(broken.plans()).toEqual([]);
    expect(broken.desk.today("m")).toBeNull();
    expect(broken.messages.join()).toContain("the store is down");
    const { desk, plans, at } = world("{}");
    expect(plans()).toEqual([]);
    expect(desk.today("m")).toBeNull();
    await desk.look();
    expect(plans()).toHaveLength(1);
    expect(desk.today("m")).toEqual(NOTHING);
    at({ now: T0 + DAY });
    expect(desk.today("m")).toBeNull();
    expect(plans()).toEqual([]);
    await desk.look();
    expect(plans()).toHaveLength(1);
  });

  it("is told what the shadow took in all as well, also when it is over, and of this life alone", async () => {
    const { desk, at, asked } = world("{}", { calls: 9, tokens: 9, usd: 1, unpriced: 3 });
    expect(desk.inAll("m")).toBeNull();
    await desk.look();
    expect([desk.inAll("m")?.calls, asked]).toEqual([9, [20_000 * DAY, T0 - 3 * DAY]]);
    at({ stage: 1, now: T0 + 60_000 });
    await desk.look();
    expect([desk.inAll("m")?.calls, asked.length]).toEqual([9, 2]);
    at({ now: T0 + 120_000 });
    await desk.look();
    expect(asked).toHaveLength(3);
    at({ since: T0 + 120_000 });
    expect([desk.inAll("m"), desk.inAll("another")]).toEqual([null, null]);
  });

  it("is not known in all where the store does not answer, never nothing", async () => {
    const broken = world("{}", new Error("the store is down"));
    await broken.desk.look();
    expect(broken.desk.inAll("m")).toBeNull();
  });

  it("says that dollars cannot be kept where calls have no price, and leaves none", async () => {
    const { desk, plans } = world("{ budget: { usd: 5 } }", { calls: 9, tokens: 9, usd: 1, unpriced: 3 });
    await desk.look();
    expect(plans()[0]?.left.usd).toBe(0);
    expect(desk.problems()).toEqual([expect.stringContaining("3 shadow calls have no known price")]);
  });
});
