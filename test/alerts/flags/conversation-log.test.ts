import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createConversationArms } from "../../../alerts/flags/conversation-arms.ts";
import { createConversationLog } from "../../../alerts/flags/conversation-log.ts";
import { recordingLog } from "../recording-log.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-conversations-"));
  file = join(folder, "deeper", "flags.json.conversations");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const split = (share: number) => ({
  state: { flag: "model", share, enabled: share > 0, revision: "r" },
  values: { baseline: "old", canary: "new" },
});
const now = 1_000;
const open = (limits = { keepMs: 1_000_000, generation: 1_000 }) =>
  createConversationArms({ now: () => now, log: createConversationLog(file, { log: recordingLog() }) }, limits);

describe("conversations on disk", () => {
  it("keep their arm over a restart", async () => {
    const before = open();
    before.turn(split(0), "began-before", "ana");
    before.turn(split(1), "was-moved", "ana");
    before.turn(split(0), "was-moved", "ana");
    await before.close();
    const after = open();
    expect(after.turn(split(1), "began-before", "ana")).toEqual(["baseline", "kept"]);
    expect(after.turn(split(1), "was-moved", "ana")).toEqual(["baseline", "kept"]);
    expect(readFileSync(file, "utf8")).not.toContain("began");
    await after.close();
  });

  it("are still known when a crash came between two generations", async () => {
    const before = open({ keepMs: 1_000_000, generation: 3 });
    for (let i = 0; i < 5; i += 1) before.turn(split(0), `c-${i}`, "ana");
    await before.close();
    rmSync(file);
    const after = open();
    expect(after.turn(split(1), "c-1", "ana")).toEqual(["baseline", "kept"]);
    after.turn(split(0), "new", "ana");
    expect(after.turn(split(1), "c-2", "ana")).toEqual(["baseline", "kept"]);
    await after.close();
  });

  it("are read around half a line and garbage", async () => {
    const before = open();
    before.turn(split(0), "whole", "ana");
    await before.close();
    appendFileSync(file, "not a line\n99999999999999999999 1\nzz zzzz\n\0\0\0\nab");
    const after = open();
    expect(after.counts().known).toBe(1);
    expect(after.turn(split(1), "whole", "ana")).toEqual(["baseline", "kept"]);
    await after.close();
  });

  it.each(["", "{}", "leeway-conversations 2 5\nab 1\n"])("begin anew after a file that says %j", async (text) => {
    const first = open();
    first.turn(split(0), "c", "ana");
    await first.close();
    writeFileSync(file, text);
    const after = open();
    expect(after.turn(split(1), "c", "ana")).toEqual(["canary", "new"]);
    await after.close();
    expect(open().turn(split(0), "c", "ana")).toEqual(["baseline", "moved"]);
  });

  it("are served from memory where the disk takes nothing, which is said", async () => {
    writeFileSync(join(folder, "deeper"), "a file where a folder should be");
    const arms = open();
    arms.turn(split(0), "c", "ana");
    expect(arms.turn(split(1), "c", "ana")).toEqual(["baseline", "kept"]);
    await arms.close();
    expect(arms.problem()).toMatch(/not written down \(E\w+.*; after a restart .* make room/);
  });
});
