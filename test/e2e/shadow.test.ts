import { afterEach, describe, expect, it } from "vitest";
import type { Decision } from "../../core/verdict.ts";
import { createAgentWatch, type EntryOf, isOf } from "../../demo/agent-watch.ts";
import { CANDIDATE_MODEL, MIGRATION_NAME } from "../../demo/documents.ts";
import { createWorld, UNFIT, type World } from "../../demo/world.ts";
import type { PairsView } from "../../status/pairs-view.ts";
import { eventually } from "./eventually.ts";
import { readStore } from "./read-store.ts";

const TRAFFIC = { users: 300, callsPerSecond: 100 };

let world: World;
afterEach(() => world?.close());

const view = (): Promise<PairsView> => world.api.get<PairsView>(`/api/v1/migrations/${MIGRATION_NAME}/pairs`);

/** The first decision of a kind. On a machine that is busy people may be paged before, that nothing comes in. */
const decided = async (kind: Decision["kind"]): Promise<EntryOf<"decision">> => {
  const watch = createAgentWatch(world);
  const found = async () =>
    (await watch.explanation()).ledger.filter(isOf("decision")).find(({ event }) => event.decision.kind === kind);
  await eventually(`a decision: ${kind}`, async () => (await found()) !== undefined, 120_000);
  const entry = await found();
  if (entry === undefined) throw new Error(`no ${kind}`);
  return entry;
};

const counted = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, each) => sum + each, 0);

describe("a migration that begins in the shadow", () => {
  it("goes on to the canary when its pairs are clear; every call is a pair or counted", async () => {
    world = await createWorld(11, { isShadowed: true });
    const watch = createAgentWatch(world);
    await world.startAgent();
    const app = await world.startApp(TRAFFIC);
    const arrived = await decided("advance");
    expect(JSON.stringify(arrived.event.decision)).toContain("regressions, limit 15%");
    await watch.judged(5);
    await app.stop();
    await app.ended;
    // What the app could not send before it ended is on its disk; that every call has its row is tested with a process that stays.
    await eventually("pairs are stored", async () => ((await view()).coverage.rerun.paired ?? 0) > 20);
    const { coverage, segments, evidence } = await view();
    expect(evidence.outcome).toBe("clear");
    expect(segments.map(({ segment }) => segment)).toContain("input_type=billing");
    expect(coverage.candidate.paired).toBeGreaterThan(200);
    expect(coverage.rerun.paired).toBeGreaterThan(20);
    const [arms] = await readStore<{ n: number }>(
      world.urls.store,
      "SELECT toFloat64(count()) AS n FROM llm_spans WHERE cohort = 'canary' AND start_ms < fromUnixTimestamp64Milli({at:Int64})".replace(
        "{at:Int64}",
        String(Math.floor(arrived.at)),
      ),
    );
    expect(arms?.n).toBe(0);
    expect(counted(coverage.candidate)).toBeGreaterThan(coverage.candidate.paired ?? 0);
  }, 240_000);

  it("stops at the gate, named and clustered, before any user met the candidate", async () => {
    world = await createWorld(12, { isShadowed: true });
    world.provider.set(CANDIDATE_MODEL, UNFIT);
    await world.startAgent();
    await world.startApp(TRAFFIC);
    const { event } = await decided("pause");
    expect(event.decision).toMatchObject({ rule: "shadow" });
    await eventually("people are told", () => world.webhook.received().some(({ data }) => data.type === "pause"));
    const { segments } = await view();
    const billing = segments.find(({ segment }) => segment === "input_type=billing");
    expect(billing?.outcome).toBe("breach");
    expect(billing?.clusters[0]).toMatchObject({ class: "regression" });
    expect(billing?.clusters[0]?.codes).toContain("json-broken");
    const howto = segments.find(({ segment }) => segment === "input_type=howto");
    expect(howto?.clusters.map(({ codes }) => codes.join())).toContainEqual(expect.stringContaining("refusal-new"));
    const [row] = await readStore<{ n: number }>(
      world.urls.store,
      "SELECT toFloat64(count()) AS n FROM llm_spans WHERE cohort = 'canary'",
    );
    expect(row?.n).toBe(0);
    const pairs = await world.leeway("pairs", MIGRATION_NAME, "--segment", "input_type=billing");
    expect(await pairs.ended).toBe(1);
    expect(pairs.stdout()).toContain("gate: BREACH");
  }, 240_000);
});
