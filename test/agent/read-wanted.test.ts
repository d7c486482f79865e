import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWanted } from "../../agent/read-wanted.ts";
import { encodeLine } from "../../alerts/journal/journal-line.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { recordingLog } from "../store/recording-log.ts";
import { embeddedSettings, openTestStore, type TestStore } from "../store/test-store.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const migration = aMigration({ name: "m" });
const parts = { now: Date.now, log: recordingLog().log };

const entry = (event: LedgerEvent, at: number): LedgerEntry => ({
  id: `m:${event.type}:${at}`,
  at,
  migration: "m",
  by: "ana",
  incident: "",
  event,
});
const STARTED = entry({ type: "started", hash: migration.hash, stage: 0, share: 0.05 }, 1);
const ROLLED_BACK = entry({ type: "command", command: "rollback", reason: "users complain" }, 2);

const withJournal = (dir: string, text: string): string => {
  mkdirSync(join(dir, "journal"), { recursive: true });
  writeFileSync(join(dir, "journal", "entries.jsonl"), text);
  return dir;
};
const read = (dir: string, port = 0) => readWanted({ ...embeddedSettings(dir), port }, migration, parts);

describe("what a flag should serve, without an agent", () => {
  it("is unknown where the ledger is in the embedded store, which is not opened", async () => {
    const dir = temporaryDirectory();
    expect(await read(dir)).toEqual({
      share: null,
      because: expect.stringMatching(/no agent runs here.+start the agent/),
    });
    expect(existsSync(join(dir, "clickhouse"))).toBe(false);
  });

  it("is 0% where the journal holds a rollback, whatever else is in it; it stays as it is", async () => {
    const torn = `${encodeLine(ROLLED_BACK)}not a line\n${encodeLine(STARTED).slice(0, 30)}`;
    const dir = withJournal(temporaryDirectory(), torn);
    expect(await read(dir)).toEqual({ share: 0, because: expect.stringMatching(/^Rolling back/) });
    expect(readFileSync(join(dir, "journal", "entries.jsonl"), "utf8")).toBe(torn);
  });

  it("is unknown where the journal holds anything else, or somebody else's rollback", async () => {
    const other = encodeLine({ ...ROLLED_BACK, migration: "other" });
    expect(await read(withJournal(temporaryDirectory(), encodeLine(STARTED) + other))).toMatchObject({ share: null });
  });

  it("is unknown where a server does not answer", async () => {
    const settings = { ...embeddedSettings(temporaryDirectory()), url: "http://127.0.0.1:1" };
    expect(await readWanted(settings, migration, parts)).toMatchObject({ share: null });
  });
});

describe("beside a store that runs", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
    await test.store().appendLedger([STARTED]);
  });
  afterAll(() => test.end());

  it("is what the ledger says, and a rollback that only the journal has counts first", async () => {
    const port = Number(new URL(test.store().endpoint.url).port);
    expect(await read(test.dir, port)).toEqual({ share: 0.05, because: "Running (stage 1 of 1)" });
    expect(await read(withJournal(test.dir, encodeLine(ROLLED_BACK)), port)).toMatchObject({ share: 0 });
  });
});
