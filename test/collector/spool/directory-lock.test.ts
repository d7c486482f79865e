import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type DirectoryLock, lockDirectory } from "../../../collector/spool/directory-lock.ts";
import { eventually } from "../eventually.ts";
import { createRecordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TIMING = { beatMs: 20, patienceMs: 400 };

const lock = async (dir: string): Promise<DirectoryLock> => {
  const taken = await lockDirectory(dir, createRecordingLog(), TIMING);
  if (taken.outcome === "locked") onTestFinished(taken.release);
  return taken;
};

test("a directory that a living process has is refused, with that process's id", async () => {
  const dir = await temporaryDirectory();
  await lock(dir);
  expect(await lock(dir)).toEqual({ outcome: "taken", pid: process.pid });
});

test("a directory that was given free can be taken again", async () => {
  const dir = await temporaryDirectory();
  const first = await lock(dir);
  if (first.outcome === "locked") await first.release();
  expect(await readdir(dir)).toEqual([]);
  expect((await lock(dir)).outcome).toBe("locked");
});

test("a directory that is given free while a second waits for its owner to show that it lives is taken then", async () => {
  const dir = await temporaryDirectory();
  // A living process that does not show it, and lets go.
  await writeFile(join(dir, "lock"), `${process.ppid} 0123456789abcdef 7`);
  const second = lockDirectory(dir, createRecordingLog(), { beatMs: 20, patienceMs: 600_000 });
  // Until it has surely seen the lock.
  for (let looks = 0; looks < 100; looks += 1) await readdir(dir);
  await rm(join(dir, "lock"));
  const taken = await second;
  expect(taken.outcome).toBe("locked");
  if (taken.outcome === "locked") await taken.release();
});

test("the lock of a killed process is taken over at once", async () => {
  const dir = await temporaryDirectory();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await writeFile(join(dir, "lock"), `${child.pid} 0123456789abcdef 7`);
  const start = performance.now();
  expect((await lockDirectory(dir, createRecordingLog(), { beatMs: 1000, patienceMs: 60_000 })).outcome).toBe("locked");
  expect(performance.now() - start).toBeLessThan(10_000);
});

test("a lock is taken over when another process has the dead owner's id", async () => {
  const dir = await temporaryDirectory();
  await writeFile(join(dir, "lock"), `${process.ppid} 0123456789abcdef 7`);
  expect((await lock(dir)).outcome).toBe("locked");
});

test.each(["", "rubbish"])("a lock that holds %j belongs to nobody", async (content) => {
  const dir = await temporaryDirectory();
  await writeFile(join(dir, "lock"), content);
  expect((await lock(dir)).outcome).toBe("locked");
});

const held = async (dir: string) => {
  const log = createRecordingLog();
  const taken = await lockDirectory(dir, log, TIMING);
  if (taken.outcome !== "locked") throw new Error("the lock is taken");
  onTestFinished(taken.release);
  return { ...taken, log };
};
const lockOf = (dir: string): string => join(dir, "lock");
const OF_A_DEAD_PROCESS = "999999999 0123456789abcdef 7";

test.each([
  ["deleted", (dir: string) => rm(lockOf(dir))],
  ["deleted with its directory", (dir: string) => rm(dir, { recursive: true })],
  [
    "replaced by a dead process's",
    (dir: string) => writeFile(`${lockOf(dir)}2`, OF_A_DEAD_PROCESS).then(() => rename(`${lockOf(dir)}2`, lockOf(dir))),
  ],
  ["overwritten with rubbish", (dir: string) => writeFile(lockOf(dir), "rubbish")],
])("a lock that is %s is noticed, said and taken again", async (_what, damage) => {
  const dir = await temporaryDirectory();
  const lock = await held(dir);
  await damage(dir);
  expect(await lock.holds()).toBe(true);
  expect(lock.isLost()).toBe(false);
  expect(lock.log.lines.join("\n")).toMatch(/warn .*lock was deleted, and is taken again/);
  expect(await lockDirectory(dir, createRecordingLog(), TIMING)).toEqual({ outcome: "taken", pid: process.pid });
});

test("a lock that is emptied is written again", async () => {
  const dir = await temporaryDirectory();
  const lock = await held(dir);
  await truncate(lockOf(dir));
  expect(await lock.holds()).toBe(true);
  expect(await readFile(lockOf(dir), "utf8")).toMatch(new RegExp(`^${process.pid} `));
});

test("a deleted lock is taken again without anybody asking", async () => {
  const dir = await temporaryDirectory();
  const lock = await held(dir);
  await rm(lockOf(dir));
  await eventually(() => lock.log.lines.length > 0);
  expect(await lock.holds()).toBe(true);
});

test("a lock that another living agent has taken is lost for good", async () => {
  const dir = await temporaryDirectory();
  const first = await held(dir);
  await rm(lockOf(dir));
  const second = await held(dir).catch(() => null);
  // whoever is faster has it, and never both
  const [a, b] = [await first.holds(), (await second?.holds()) ?? false];
  expect([a, b].filter(Boolean)).toHaveLength(1);
});

test("the one whose lock was taken over while it slept never has it again, and leaves the other's alone", async () => {
  const dir = await temporaryDirectory();
  const first = await held(dir);
  await rm(lockOf(dir));
  await writeFile(lockOf(dir), `${process.pid} fedcba9876543210 1`);
  let beats = 1;
  const other = setInterval(() => {
    beats += 1;
    void writeFile(lockOf(dir), `${process.pid} fedcba9876543210 ${beats}`);
  }, 20);
  onTestFinished(() => clearInterval(other));
  expect(await first.holds()).toBe(false);
  expect(first.isLost()).toBe(true);
  expect(first.log.lines.join("\n")).toMatch(/error .*another agent has taken the directory/);
  await first.release();
  expect(await readFile(lockOf(dir), "utf8")).toContain("fedcba9876543210");
});

test("two that find a dead owner's lock at the same time never both have it", async () => {
  for (let round = 0; round < 10; round += 1) {
    const dir = await temporaryDirectory();
    await writeFile(lockOf(dir), OF_A_DEAD_PROCESS);
    const locks = await Promise.all(Array.from({ length: 4 }, () => lockDirectory(dir, createRecordingLog(), TIMING)));
    const having = locks.filter((each) => each.outcome === "locked");
    const holding = await Promise.all(having.map(({ holds }) => holds()));
    for (const { release } of having) await release();
    expect(holding.filter(Boolean)).toHaveLength(1);
    expect(await readdir(dir)).toEqual([]);
  }
});

test("a directory in the place of the lock is refused with what to do", async () => {
  const dir = await temporaryDirectory();
  await mkdir(lockOf(dir));
  await expect(lockDirectory(dir, createRecordingLog(), TIMING)).rejects.toThrow(/lock is a directory; remove it/);
});
