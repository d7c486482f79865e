import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import type { FlagState } from "../../../core/flag.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
let count = 0;
const freshFile = (): string => join(directory, `case-${count++}`, "flags.json");
const start = (file = freshFile()) => {
  const log = recordingLog();
  const target = createBuiltinTarget({ file }, { log });
  target.define("model", { baseline: "gpt-old", canary: "gpt-new" });
  const readState = async (): Promise<FlagState> => {
    const state = await target.read("model");
    if (isReadFailure(state)) throw new Error(state.detail);
    return state;
  };
  return { file, log, target, readState };
};
const onDisk = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const writeByHand = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const fileWith = (share: number, writes: number): string =>
  JSON.stringify({ version: 1, flags: { model: { share, writes } } });

describe("reading and setting the share", () => {
  it("starts switched off", async () => {
    const { readState } = start();
    expect(await readState()).toMatchObject({ flag: "model", share: 0, enabled: false });
  });

  it("writes the share to disk and reads it back with a new revision", async () => {
    const { target, file, readState } = start();
    const before = await readState();
    const write = await target.setShare("model", 0.05, null);
    expect(write).toMatchObject({ outcome: "written", state: { share: 0.05, enabled: true } });
    expect(await readState()).toEqual("state" in write && write.state);
    expect((await readState()).revision).not.toBe(before.revision);
    expect(onDisk(file)).toEqual({ version: 1, flags: { model: { share: 0.05, writes: 1 } } });
  });

  it("leaves a flag that is already there alone", async () => {
    const { target, readState } = start();
    await target.setShare("model", 0.25, null);
    const before = await readState();
    expect(await target.setShare("model", 0.25 + 1e-12, null)).toEqual({ outcome: "unchanged", state: before });
    expect(await readState()).toEqual(before);
  });

  it("gives every write its own revision, also back to a share it had before", async () => {
    const { target, readState } = start();
    const revisions = [];
    for (const share of [0.05, 0.1, 0.05]) {
      await target.setShare("model", share, null);
      revisions.push((await readState()).revision);
    }
    expect(new Set(revisions).size).toBe(3);
  });

  it("refuses a guard that is out of date and changes nothing", async () => {
    const { target, readState } = start();
    const guard = await readState();
    await target.setShare("model", 0.5, null);
    expect(await target.setShare("model", 0.1, guard)).toMatchObject({ outcome: "failed", why: "conflict" });
    expect((await readState()).share).toBe(0.5);
    expect(await target.setShare("model", 0.1, await readState())).toMatchObject({ outcome: "written" });
  });

  it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the share %f", async (share) => {
    const { target, file } = start();
    expect(await target.setShare("model", share, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(existsSync(file)).toBe(false);
  });

  it.each(["nope", "constructor", "__proto__"])("does not know the flag %s", async (flag) => {
    const { target } = start();
    expect(await target.read(flag)).toMatchObject({ outcome: "failed", why: "not-found" });
    expect(await target.setShare(flag, 0, null)).toMatchObject({ outcome: "failed", why: "not-found" });
  });

  it("keeps flags with awkward names apart", async () => {
    const { target, file } = start();
    for (const flag of ["__proto__", "constructor"]) {
      target.define(flag, { baseline: "a", canary: "b" });
      await target.setShare(flag, 0.5, null);
    }
    const again = createBuiltinTarget({ file }, { log: recordingLog() });
    expect(await again.read("constructor")).toMatchObject({ share: 0.5 });
  });

  it("loses no write when many arrive at once", async () => {
    const { target, file } = start();
    const names = Array.from({ length: 20 }, (_, i) => `flag-${i}`);
    for (const name of names) target.define(name, { baseline: "a", canary: "b" });
    await Promise.all(names.map((name, i) => target.setShare(name, i / 20, null)));
    const { flags } = onDisk(file);
    expect(names.map((name) => flags[name]?.share ?? 0)).toEqual(names.map((_, i) => i / 20));
  });

  it("is never seen half written by somebody who reads the file meanwhile", async () => {
    const { target, file } = start();
    await target.setShare("model", 0.001, null);
    let busy = true;
    const writing = (async () => {
      for (let i = 1; i <= 200; i += 1) await target.setShare("model", i / 1000, null);
      busy = false;
    })();
    let reads = 0;
    for (; busy; reads += 1) {
      expect(onDisk(file).version).toBe(1);
      await new Promise((next) => setImmediate(next));
    }
    await writing;
    expect(reads).toBeGreaterThan(100);
  });

  it("leaves no temporary file behind", async () => {
    const { target, file } = start();
    await target.setShare("model", 0.5, null);
    expect(readdirSync(dirname(file))).toEqual(["flags.json"]);
  });

  it("says so when the disk refuses the write, and serves on what it served", async () => {
    const file = freshFile();
    writeByHand(dirname(file), "a file where the directory should be");
    const { target } = start(join(dirname(file), "..", `${count}-dir`, "flags.json"));
    writeByHand(join(directory, `${count}-dir`), "in the way");
    const write = await target.setShare("model", 0.5, null);
    expect(write).toMatchObject({ outcome: "failed", why: "transient" });
    expect(target.served().get("model")?.state.share).toBe(0);
  });
});

describe("what is served", () => {
  it("follows every write", async () => {
    const { target } = start();
    await target.setShare("model", 0.5, null);
    expect(target.served().get("model")).toMatchObject({ state: { share: 0.5 }, values: { canary: "gpt-new" } });
    await target.setShare("model", 0, null);
    expect(target.served().get("model")?.state).toMatchObject({ share: 0, enabled: false });
  });

  it("is what the file says: a hand edit is read, served, and changes the revision", async () => {
    const { target, file, readState } = start();
    await target.setShare("model", 0.05, null);
    const before = await readState();
    writeByHand(file, fileWith(0.8, 1));
    const after = await readState();
    expect(after.share).toBe(0.8);
    expect(after.revision).not.toBe(before.revision);
    expect(target.served().get("model")?.state).toEqual(after);
  });
});

describe("a damaged file", () => {
  const DAMAGED: [string, string][] = [
    ["half a file", '{"version":1,"flags":{"mod'],
    ["an empty file", ""],
    ["another version", '{"version":2,"flags":{}}'],
    ["a share above 1", fileWith(5, 1)],
    ["a share that is no number", '{"version":1,"flags":{"model":{"share":"all","writes":1}}}'],
    ["a list", "[]"],
  ];

  it.each(DAMAGED)("is refused at start, naming the file: %s", (_what, text) => {
    const file = freshFile();
    writeByHand(file, text);
    const refusal = expect.objectContaining({ code: "flag-target", message: expect.stringContaining(file) });
    expect(() => start(file)).toThrow(refusal);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it.each(DAMAGED)("while running: reads fail, serving goes on, and a rollback repairs it: %s", async (_what, text) => {
    const { target, file, log } = start();
    await target.setShare("model", 0.05, null);
    writeByHand(file, text);
    expect(await target.read("model")).toMatchObject({ outcome: "failed", why: "transient" });
    expect(target.served().get("model")?.state.share).toBe(0.05);
    expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(await target.read("model")).toMatchObject({ share: 0 });
    expect(log.lines.join()).toContain("last good state");
  });

  it("is as bad when it is gone", async () => {
    const { target, file } = start();
    await target.setShare("model", 0.05, null);
    rmSync(file);
    expect(await target.read("model")).toMatchObject({ outcome: "failed", detail: expect.stringContaining("gone") });
    expect(await target.setShare("model", 0.05, null)).toMatchObject({ outcome: "written" });
    expect(onDisk(file).flags.model.share).toBe(0.05);
  });
});

describe("kill -9", () => {
  const WRITER = `
    import { createBuiltinTarget } from ${JSON.stringify(join(import.meta.dirname, "../../../alerts/flags/builtin.ts"))};
    const nothing = () => {};
    const log = { info: nothing, warn: nothing, error: nothing };
    const target = createBuiltinTarget({ file: process.argv[1] }, { log });
    target.define("model", { baseline: "a", canary: "b" });
    for (let i = 1; ; i += 1) {
      const write = await target.setShare("model", (i % 1000) / 1000, null);
      if (write.outcome === "written") process.stdout.write(write.state.share + "\\n");
    }`;

  it("in the middle of writing loses no acknowledged share", async () => {
    const file = freshFile();
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, file], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let acknowledged = "";
      child.stdout.on("data", (chunk) => {
        acknowledged += chunk;
        if (acknowledged.split("\n").length > 20 + round) child.kill("SIGKILL");
      });
      await once(child, "close");
      const last = Number(acknowledged.trim().split("\n").at(-1));
      const { share } = onDisk(file).flags.model;
      // The write after the last acknowledged one may have reached the disk before its line reached us.
      expect([last, ((last * 1000 + 1) % 1000) / 1000].map((s) => s.toFixed(3))).toContain(share.toFixed(3));
      await start(file).readState();
    }
  });
});
