import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAgentWatch } from "../../demo/agent-watch.ts";
import { MIGRATION_NAME } from "../../demo/documents.ts";
import { createWorld, type World } from "../../demo/world.ts";
import type { CommandResult } from "../../lifecycle/commands/command-type.ts";
import type { StatusView } from "../../status/status-page.ts";
import { eventually } from "./eventually.ts";
import { readLedgerRows } from "./read-store.ts";

let world: World;
const stopped: number[] = [];
afterEach(async () => {
  // A stopped engine does not notice that its agent is gone.
  for (const pid of stopped.splice(0)) signal(pid, "SIGKILL");
  await world?.close();
});

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
};

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);

/** The engine neither answers nor refuses from now on. */
const hangEngine = (): void => {
  for (const pid of childrenOf(world.agent().pid)) {
    stopped.push(pid);
    signal(pid, "SIGSTOP");
  }
};

const roundTrip = (command: string): Promise<CommandResult> =>
  world.api.post(`/api/v1/migrations/${MIGRATION_NAME}/commands`, { command, reason: "users complain", by: "ana" });

const flagShare = async (): Promise<number> =>
  JSON.parse(await readFile(join(world.folder, ".leeway", "flags.json"), "utf8")).flags["support-model"].share;

const received = (type: string) => world.webhook.received().filter(({ data }) => data.type === type);

const incidentOf = async () => (await world.api.get<StatusView>("/api/v1/status")).migrations[0]?.incident;

describe.skipIf(process.platform !== "linux")("a rollback while the real engine hangs", () => {
  it("takes hold at once, is on record, and outlives kill -9: latch, drain and one message", async () => {
    world = await createWorld(6);
    const watch = createAgentWatch(world);
    await world.startAgent();
    const app = await world.startApp({ users: 100, callsPerSecond: 60 });
    await watch.judged(10);
    expect(await flagShare()).toBeGreaterThan(0);

    hangEngine();
    expect(await roundTrip("rollback")).toEqual({ outcome: "done", problem: "" });
    expect(await flagShare()).toBe(0);
    await eventually("people are told", () => received("rollback").length > 0);
    await world.agent().stop("SIGKILL");
    for (const pid of stopped.splice(0)) signal(pid, "SIGKILL");

    await world.startAgent();
    expect(await incidentOf()).toMatchObject({ reason: "ana (unverified): users complain" });
    expect(await flagShare()).toBe(0);
    await watch.entry("drain-proven", 0);
    await eventually("people are told of the proof", () => received("drained").length > 0);
    await app.stop();
    // Killed between the receiver's answer and its record, it is sent again: with the id that tells the receiver so.
    expect(new Set(received("rollback").map(({ id }) => id)).size).toBe(1);
    expect(received("page")).toEqual([]);
    const events = (await readLedgerRows(world.urls.store)).map(({ event }) => event);
    expect(events.filter(({ type }) => type === "command")).toMatchObject([{ command: "rollback" }]);
  }, 240_000);
});
