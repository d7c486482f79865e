import { mkdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type AgentWatch, createAgentWatch } from "../../demo/agent-watch.ts";
import type { Child } from "../../demo/child.ts";
import { CANDIDATE_MODEL } from "../../demo/documents.ts";
import { createWorld, HEALTHY, type World } from "../../demo/world.ts";
import {
  answered,
  callsByCohort,
  callsJudged,
  callsStored,
  rowsStored,
  settled,
  sum,
  totalsOf,
} from "./call-counts.ts";
import { eventually } from "./eventually.ts";
import { readLedgerRows } from "./read-store.ts";

// Enough users that no single one of the canary's 5% carries the failures: a breach that rests on one pauses first.
const TRAFFIC = { users: 1600, callsPerSecond: 80 };

let world: World;
let watch: AgentWatch;
let app: Child;

const start = async (seed: number): Promise<void> => {
  world = await createWorld(seed);
  watch = createAgentWatch(world);
  await world.startAgent();
  app = await world.startApp(TRAFFIC);
};

afterEach(() => world?.close());

const moreCalls = async (count: number): Promise<void> => {
  const before = world.provider.requests().length;
  await eventually(`${count} more calls`, () => world.provider.requests().length >= before + count);
};

const killAgent = (): Promise<void> => world.agent().stop("SIGKILL");

const failCandidate = (): void =>
  world.provider.set(CANDIDATE_MODEL, { ...HEALTHY, failures: [{ share: 0.5, failure: 500 }] });

const endTraffic = async (): Promise<void> => {
  await app.stop();
  await app.ended;
  await settled(world, () => world.provider.requests().length);
};

const candidateCallsSince = (at: number): number =>
  world.provider.requests().filter(({ model, start: began }) => model === CANDIDATE_MODEL && began >= at).length;

const rollbackIds = (): readonly string[] =>
  world.webhook
    .received()
    .filter(({ data }) => data.type === "rollback")
    .map(({ id }) => id);

const slackTitles = (): readonly string[] =>
  world.slack
    .received()
    .map(({ payload }) => payload.text)
    .filter((text) => text.startsWith("Rolled back"));

const flagFile = async () =>
  JSON.parse(await readFile(join(world.folder, ".leeway", "flags.json"), "utf8")).flags["support-model"];

const expectNothingLostOrDoubled = async (): Promise<void> => {
  const { store } = world.urls;
  const made = answered(world.provider.requests());
  expect(await callsStored(store)).toEqual(made);
  expect(await rowsStored(store)).toEqual(made);
  expect(await callsJudged(store)).toEqual(await callsByCohort(store));
  // The app's own count has the calls that never reached the provider, too.
  expect(sum(await callsJudged(store))).toBe(JSON.parse(app.stdout()).calls);
  expect(await totalsOf(store, "llm_1m")).toEqual(await totalsOf(store, "llm_spans"));
};

const expectOneRollback = async (): Promise<void> => {
  const rows = await readLedgerRows(world.urls.store);
  // What was in the journal when the agent was killed may be in the ledger already: its rows have one id, and the first counts.
  const ledger = rows.filter(({ id }, i) => rows.findIndex((row) => row.id === id) === i).map(({ event }) => event);
  const decisions = ledger.filter((event) => event.type === "decision").map(({ decision }) => decision.kind);
  expect(decisions).toEqual(["rollback"]);
  const written = ledger.flatMap((event) =>
    event.type === "flip-result" && event.write.outcome === "written" ? [event.write.state.share] : [],
  );
  // A flag that the journal had switched off before the ledger could be asked is found off, and not written again.
  expect([[0.05], [0.05, 0]]).toContainEqual(written);
  const offs = ledger.filter((event) => event.type === "flip-readback" && event.confirmed && event.state.share === 0);
  expect(offs).not.toHaveLength(0);
  expect(await flagFile()).toEqual({ share: 0, writes: 2 });
  expect(ledger.filter(({ type }) => type === "drain-proven")).toHaveLength(1);
  expect(new Set(rollbackIds()).size).toBe(1);
};

describe("kill -9 of the agent", () => {
  it("in the middle of traffic loses no call, counts none twice, and the rollback happens once", {
    tags: ["soak"],
    timeout: 240_000,
  }, async () => {
    await start(1);
    await watch.judged(15);
    await killAgent();
    // The app goes on without flag system and collector.
    await moreCalls(150);
    await world.startAgent();
    await watch.judged(30);
    failCandidate();
    const decision = await watch.rollback(() => undefined);
    const proof = await watch.entry("drain-proven", decision.at);
    await eventually("people are told", () => rollbackIds().length > 0 && slackTitles().length > 0);
    await endTraffic();
    await expectNothingLostOrDoubled();
    await expectOneRollback();
    expect(rollbackIds()).toHaveLength(1);
    expect(slackTitles()).toHaveLength(1);
    expect(candidateCallsSince(proof.at)).toBe(0);
  });

  it("between the decision, the flip and the proof still ends in one rollback, flip and proof", async () => {
    await start(2);
    await watch.judged(15);
    failCandidate();
    // The flag file cannot be replaced while this folder is in the way.
    const obstacle = join(world.folder, ".leeway", "flags.json.tmp");
    await mkdir(obstacle);
    const decision = await watch.rollback(() => undefined);
    await killAgent();
    expect(await flagFile()).toMatchObject({ share: 0.05 });
    await rmdir(obstacle);
    await world.startAgent();
    const flip = await watch.entry("flip-readback", decision.at);
    await killAgent();
    await moreCalls(50);
    await world.startAgent();
    const proof = await watch.entry("drain-proven", flip.at);
    await eventually("people are told", () => rollbackIds().length > 0 && slackTitles().length > 0);
    await endTraffic();
    await expectNothingLostOrDoubled();
    await expectOneRollback();
    expect(new Set(slackTitles()).size).toBe(1);
    expect(candidateCallsSince(proof.at)).toBe(0);
  }, 240_000);
});
