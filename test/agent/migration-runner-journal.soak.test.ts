import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Journal } from "../../alerts/journal/journal.ts";
import { openJournal } from "../../alerts/journal/open-journal.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { recordingLog } from "../store/recording-log.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, type RunnerAgent, type RunnerWorld, runnerWorld } from "./runner-world.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const ROLLBACK = { command: "rollback", reason: "users complain", by: "ana" } as const;

/** Those of agents that died are let go of at the end, as the system does for a process. */
const opened: Journal[] = [];
afterAll(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

/** A journal on disk that the next agent on the same folder finds. */
const folderOf = () => {
  const file = join(temporaryDirectory(), "entries.jsonl");
  return {
    open: async (): Promise<Journal> => {
      const journal = await openJournal({ file }, { log: recordingLog().log });
      opened.push(journal);
      return journal;
    },
  };
};

const typesOf = (agents: readonly RunnerAgent[]): readonly string[] =>
  agents.flatMap(({ told }) => told.map(({ type }) => type)).toSorted();

const expectRolledBackOnce = async (world: RunnerWorld, agent: RunnerAgent): Promise<void> => {
  expect(world.target.share()).toBe(0);
  expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: true, drain: "proven" });
  expect(await world.events("command")).toMatchObject([{ command: "rollback", reason: "users complain" }]);
  const pages = (await world.events("decision")).filter(({ decision }) => decision.kind === "page");
  expect(pages).toEqual([]);
  expect(await world.events("drain-proven")).toHaveLength(1);
  const ids = (await world.ledger()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
};

/** Takes the agent that holds it out of the world right after its `nth` write to the journal since `arm`. */
const mortalJournal = (journal: Journal) => {
  let left = Number.POSITIVE_INFINITY;
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  const add: Journal["add"] = async (entries) => {
    if (left <= 0) return never;
    const problem = await journal.add(entries);
    if (entries.length > 0) left -= 1;
    if (left > 0) return problem;
    die();
    return never;
  };
  return {
    journal: { ...journal, add },
    died,
    isDead: () => left <= 0,
    arm: (nth: number): void => {
      left = nth;
    },
  };
};

describe("a rollback while the ledger hangs", () => {
  it("is answered at once as done, and an agent that is killed then is followed by one that goes on", async () => {
    const world = runnerWorld(database.store());
    const folder = folderOf();
    const first = world.agent({ journal: await folder.open() });
    await world.run(first, 2, HEALTHY);
    world.store.behave("hang");
    const started = performance.now();
    expect(await first.runner.command(ROLLBACK)).toEqual({ outcome: "done", problem: "" });
    expect(performance.now() - started).toBeLessThan(1_900);
    expect(world.target.share()).toBe(0);
    await first.notifier.pump();

    world.store.behave("work");
    const journal = await folder.open();
    expect(journal.pending().map(({ event }) => event.type)).toContain("command");
    const second = world.agent({ journal });
    await world.run(second, 4, DRAINED);
    await expectRolledBackOnce(world, second);
    expect(typesOf([first, second])).toEqual(["drained", "rollback", "stage"]);
    await expect.poll(() => journal.pending()).toEqual([]);
  });

  it.each([1, 2, 4, 5, 6])(
    "and a kill after its entry no. %i is on disk: the latch is there, the drain is watched, people hear once",
    async (nth) => {
      const world = runnerWorld(database.store());
      const folder = folderOf();
      const mortal = mortalJournal(await folder.open());
      const first = world.agent({ journal: mortal.journal });
      await world.run(first, 2, HEALTHY);
      world.store.behave("hang");
      mortal.arm(nth);
      const live = async (): Promise<void> => {
        await first.runner.command(ROLLBACK);
        await first.notifier.pump();
      };
      await Promise.race([mortal.died, live()]);
      // command, intent, result, read-back, notice, delivery
      expect(mortal.isDead()).toBe(true);

      world.store.behave("work");
      const second = world.agent({ journal: await folder.open() });
      world.pass(20_000);
      await world.run(second, 5, DRAINED);
      await expectRolledBackOnce(world, second);
      expect(typesOf([first, second])).toEqual(["drained", "rollback", "stage"]);
    },
  );

  it.each(["hang", "fail", "unreadable"] as const)(
    "(%s) that recovers without a restart: everything is in the ledger once, and in the journal no more",
    async (mood) => {
      const world = runnerWorld(database.store());
      const journal = await folderOf().open();
      const agent = world.agent({ journal });
      await world.run(agent, 2, HEALTHY);
      world.store.behave(mood);
      expect(await agent.runner.command(ROLLBACK)).toEqual({ outcome: "done", problem: "" });
      await agent.notifier.pump();
      world.store.behave("work");
      await world.runUntil(agent, "command", DRAINED);
      await world.run(agent, 4, DRAINED);
      await expectRolledBackOnce(world, agent);
      expect(typesOf([agent])).toEqual(["drained", "rollback", "stage"]);
      await expect.poll(() => journal.pending()).toEqual([]);
    },
  );

  it("that the agent itself decided survives in the same way", async () => {
    const world = runnerWorld(database.store());
    const folder = folderOf();
    const first = world.agent({ journal: await folder.open() });
    await world.run(first, 2, HEALTHY);
    const { appendLedger } = world.store;
    let isAway = false;
    const away: typeof world.store = {
      ...world.store,
      appendLedger: (entries) => (isAway ? new Promise(() => undefined) : appendLedger(entries)),
    };
    const second = world.agent({ journal: await folder.open(), store: away });
    await world.run(second, 1, HEALTHY);
    isAway = true;
    await world.run(second, 4, ILL);
    expect(world.target.share()).toBe(0);
    expect((await world.events("decision")).length).toBe(0);

    const third = world.agent({ journal: await folder.open() });
    world.pass(20_000);
    await world.run(third, 5, DRAINED);
    expect((await world.events("decision")).map(({ decision }) => decision.kind)).toEqual(["rollback"]);
    expect(third.runner.history.state().rollback).toMatchObject({ isConfirmed: true, drain: "proven" });
    expect(typesOf([first, second, third])).toEqual(["drained", "rollback", "stage"]);
  }, 240_000);
});

describe("a disk that takes no journal, while the ledger hangs", () => {
  it("does not keep the flag from going down, and the answer says that nothing is on record", async () => {
    const world = runnerWorld(database.store());
    let problem = "";
    const kept: LedgerEntry[] = [];
    const journal: Journal = {
      ...(await folderOf().open()),
      add: async (entries) => {
        kept.push(...entries);
        return problem;
      },
    };
    const agent = world.agent({ journal });
    await world.run(agent, 2, HEALTHY);
    [problem] = ["entries.jsonl: ENOSPC"];
    world.store.behave("hang");
    expect(await agent.runner.command(ROLLBACK)).toEqual({
      outcome: "done",
      problem: "it is on no record yet, and would be lost if the agent was killed now (entries.jsonl: ENOSPC)",
    });
    expect(world.target.share()).toBe(0);
    world.store.behave("work");
    await world.runUntil(agent, "command", DRAINED);
    await world.run(agent, 4, DRAINED);
    await expectRolledBackOnce(world, agent);
  });

  it("is no trouble while the ledger works", async () => {
    const world = runnerWorld(database.store());
    const journal: Journal = { ...(await folderOf().open()), add: async () => "entries.jsonl: EROFS" };
    const agent = world.agent({ journal });
    await world.run(agent, 2, HEALTHY);
    expect(await agent.runner.command(ROLLBACK)).toEqual({ outcome: "done", problem: "" });
  });
});

describe("a ledger that cannot be read at the start", () => {
  const left = (world: RunnerWorld, command: "rollback" | "rearm", at: number): LedgerEntry => ({
    id: `${world.migration.name}:command:${at}`,
    at,
    migration: world.migration.name,
    by: "ana",
    incident: `${world.migration.name}:1`,
    event: { type: "command", command, reason: "users complain" },
  });

  it.each([
    ["a rollback keeps the flag off", ["rollback"], 0],
    ["a rollback that was re-armed leaves it alone", ["rollback", "rearm"], 0.2],
    ["nothing leaves it alone", [], 0.2],
  ] as const)("while the journal holds %s", async (_what, commands, share) => {
    const world = runnerWorld(database.store());
    const journal = await folderOf().open();
    await journal.add(commands.map((command, i) => left(world, command, world.now() + i)));
    world.target.setByHand(0.2);
    world.store.behave("fail");
    const agent = world.agent({ journal });
    await world.run(agent, 2);
    expect(agent.runner.history.isKnown()).toBe(false);
    expect(world.target.share()).toBe(share);
  });
});
