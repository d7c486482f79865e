import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { FLAG_FILE, type FlagFile } from "../../../alerts/flags/flag-file.ts";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { recordingLog } from "../recording-log.ts";
import { mountSmallDisk, type SmallDisk } from "../small-disk.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
let count = 0;
const freshFile = (): string => join(directory, `disk-${count++}`, "flags.json");
const TIMES = { lookMs: 300, saveMs: 500, firstRetryMs: 5, maxRetryMs: 40 };

type Mood = "work" | "ENOSPC" | "EROFS" | "EIO" | "hang";

/** The real file on a disk that obeys the test. `reads`: whether reading fails the same way. */
const fickleDisk = () => {
  let [mood, reads]: [Mood, boolean] = ["work", false];
  let saves = 0;
  const guard = <T>(call: () => Promise<T>): Promise<T> => {
    if (mood === "hang") return new Promise(() => undefined);
    return mood === "work" ? call() : Promise.reject(new Error(`${mood}: the disk says no`));
  };
  const disk: FlagFile = {
    ...FLAG_FILE,
    read: (file) => (reads ? guard(() => FLAG_FILE.read(file)) : FLAG_FILE.read(file)),
    save: (file, flags) => {
      saves += 1;
      return guard(() => FLAG_FILE.save(file, flags));
    },
  };
  const behave = (next: Mood, alsoReads = false): void => {
    [mood, reads] = [next, alsoReads];
  };
  return { disk, behave, saves: () => saves };
};

const start = (file = freshFile(), disk: FlagFile = FLAG_FILE) => {
  const log = recordingLog();
  const target = createBuiltinTarget({ file }, { log, disk, times: TIMES });
  target.define("model", { baseline: "old", canary: "new" });
  const served = (): number | undefined => target.served().get("model")?.state.share;
  const read = async (): Promise<number | string> => {
    const state = await target.read("model");
    return isReadFailure(state) ? state.detail : state.share;
  };
  return { file, log, target, served, read };
};
const onDisk = (file: string): number => JSON.parse(readFileSync(file, "utf8")).flags.model.share;

const at5Percent = async () => {
  const { disk, behave, saves } = fickleDisk();
  const world = start(freshFile(), disk);
  await world.target.setShare("model", 0.05, null);
  return { ...world, disk, behave, saves };
};

describe.each<[Mood, boolean]>([
  ["ENOSPC", false],
  ["EROFS", false],
  ["EIO", false],
  ["EIO", true],
  ["hang", false],
  ["hang", true],
])("a disk that says %s (to reads as well: %s)", (mood, reads) => {
  it("does not keep a lower share from being served, read back and, in the end, saved", async () => {
    const { target, served, read, behave, file, log } = await at5Percent();
    behave(mood, reads);
    const asked = target.setShare("model", 0, null);
    expect(await asked).toMatchObject({ outcome: "written", state: { share: 0, enabled: false } });
    expect([served(), await read(), onDisk(file)]).toEqual([0, 0, 0.05]);
    expect(target.problem()).toMatch(/flags\.json: not saved \(.+\); model is served from memory until it is/);
    if (mood === "hang") return;
    expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(1);
    behave("work");
    await expect.poll(() => onDisk(file)).toBe(0);
    await expect.poll(target.problem).toBe("");
    expect(log.lines.at(-1)).toContain("saved again");
    expect(await read()).toBe(0);
  });

  it("keeps a higher share from being served", async () => {
    const { target, served, behave } = await at5Percent();
    behave(mood, reads);
    const asked = target.setShare("model", 0.5, null);
    if (mood !== "hang") expect(await asked).toMatchObject({ outcome: "failed" });
    expect(served()).toBe(0.05);
    expect(target.problem()).toBe("");
  });
});

describe("while a lower share is not saved", () => {
  const unsaved = async () => {
    const world = await at5Percent();
    world.behave("ENOSPC");
    await world.target.setShare("model", 0.02, null);
    return world;
  };

  it("it is tried with growing pauses", async () => {
    const { saves } = await unsaved();
    const before = saves();
    await expect.poll(saves).toBeGreaterThan(before + 2);
  });

  it("a still lower one is served, too, and a higher one is not", async () => {
    const { target, served, read } = await unsaved();
    expect(await target.setShare("model", 0.2, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written" });
    expect([served(), await read()]).toEqual([0, 0]);
  });

  it("a share somebody writes into the file counts if it is lower", async () => {
    const { file, read, target, behave } = await unsaved();
    writeFileSync(file, JSON.stringify({ version: 1, flags: { model: { share: 0.9, writes: 9 } } }));
    expect(await read()).toBe(0.02);
    writeFileSync(file, JSON.stringify({ version: 1, flags: { model: { share: 0.01, writes: 9 } } }));
    expect(await read()).toBe(0.01);
    behave("work");
    await expect.poll(target.problem).toBe("");
    expect(onDisk(file)).toBe(0.01);
  });

  it("a restart knows only the file: the higher share, which the first round has to lower again", async () => {
    const { file, disk } = await unsaved();
    const next = start(file, disk);
    expect(await next.read()).toBe(0.05);
    expect(await next.target.setShare("model", 0.02, null)).toMatchObject({ outcome: "written" });
    expect([next.served(), await next.read()]).toEqual([0.02, 0.02]);
  });

  it("closing tries once more, and nothing afterwards", async () => {
    const { target, file, behave } = await unsaved();
    behave("work");
    await target.close();
    expect(onDisk(file)).toBe(0.02);
    const other = await unsaved();
    await other.target.close();
    const before = other.saves();
    await new Promise((resolve) => setTimeout(resolve, 3 * TIMES.maxRetryMs));
    expect(other.saves()).toBe(before);
  });
});

describe("a raise that is being saved", () => {
  it("does not undo a rollback that came meanwhile", async () => {
    const saving = Promise.withResolvers<void>();
    let isSlow = false;
    const disk: FlagFile = {
      ...FLAG_FILE,
      save: async (file, flags) => {
        if (isSlow) await saving.promise;
        return FLAG_FILE.save(file, flags);
      },
    };
    const { target, served, file } = start(freshFile(), disk);
    await target.setShare("model", 0.05, null);
    isSlow = true;
    const raise = target.setShare("model", 0.5, null);
    const rollback = target.setShare("model", 0, null);
    await expect.poll(served).toBe(0);
    isSlow = false;
    saving.resolve();
    expect(await raise).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(await rollback).toMatchObject({ outcome: "written" });
    await expect.poll(() => onDisk(file)).toBe(0);
    expect(served()).toBe(0);
  });

  it("wins against another that was asked for with the same guard", async () => {
    const { target, served } = await at5Percent();
    const guard = await target.read("model");
    if (isReadFailure(guard)) throw new Error(guard.detail);
    const writes = await Promise.all([0.2, 0.5].map((share) => target.setShare("model", share, guard)));
    expect(writes.map(({ outcome }) => outcome).sort()).toEqual(["failed", "written"]);
    expect(served()).toBe(writes[0]?.outcome === "written" ? 0.2 : 0.5);
  });
});

describe("the file's folder", () => {
  it("that is moved away or deleted is made anew by a rollback", async () => {
    for (const remove of [
      (dir: string) => rmSync(dir, { recursive: true }),
      (dir: string) => renameSync(dir, `${dir}-away`),
    ]) {
      const { target, file, read } = await at5Percent();
      remove(dirname(file));
      expect(await read()).toContain("the file is gone");
      expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written" });
      expect([await read(), onDisk(file), target.problem()]).toEqual([0, 0, ""]);
    }
  });

  it("that became a file: the lower share is served, and saved when the folder is back", async () => {
    const { target, file, read, served } = await at5Percent();
    rmSync(dirname(file), { recursive: true });
    writeFileSync(dirname(file), "in the way");
    expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written" });
    expect([served(), await read()]).toEqual([0, 0]);
    expect(target.problem()).toContain("not saved");
    rmSync(dirname(file));
    mkdirSync(dirname(file));
    await expect.poll(target.problem).toBe("");
    expect(onDisk(file)).toBe(0);
  });
});

describe("a disk that is really full", () => {
  const disks: SmallDisk[] = [];
  afterEach(() => {
    for (const disk of disks.splice(0)) disk.end();
  });
  const onSmallDisk = async () => {
    const path = join(directory, `small-${count++}`);
    const disk = mountSmallDisk(path);
    if (disk === null) return null;
    disks.push(disk);
    const world = start(join(path, "flags.json"));
    await world.target.setShare("model", 0.05, null);
    return { ...world, disk };
  };

  it("rolls back at once, says that it is unsaved, and saves when there is room", async (test) => {
    const world = await onSmallDisk();
    if (world === null) return test.skip("this user may not mount a file system");
    const { disk, target, served, read, file } = world;
    disk.fill();
    expect(await target.setShare("model", 0.5, null)).toMatchObject({ outcome: "failed" });
    expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect([served(), await read(), onDisk(file)]).toEqual([0, 0, 0.05]);
    expect(target.problem()).toContain("ENOSPC");
    disk.empty();
    await expect.poll(target.problem).toBe("");
    expect(onDisk(file)).toBe(0);
    await target.close();
  });

  it("or read-only: the same", async (test) => {
    const world = await onSmallDisk();
    if (world === null) return test.skip("this user may not mount a file system");
    const { disk, target, served, read, file } = world;
    disk.remount("ro");
    expect(await target.setShare("model", 0, null)).toMatchObject({ outcome: "written" });
    expect([served(), await read(), target.problem()]).toEqual([0, 0, expect.stringContaining("EROFS")]);
    disk.remount("rw");
    await expect.poll(target.problem).toBe("");
    expect(onDisk(file)).toBe(0);
    await target.close();
  });
});
