import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type DirectoryLock, lockDirectory } from "../../../collector/spool/directory-lock.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TIMING = { beatMs: 20, patienceMs: 400 };

const lock = async (dir: string): Promise<DirectoryLock> => {
  const taken = await lockDirectory(dir, TIMING);
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

test("the lock of a killed process is taken over at once", async () => {
  const dir = await temporaryDirectory();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await writeFile(join(dir, "lock"), `${child.pid} 0123456789abcdef 7`);
  const start = performance.now();
  expect((await lockDirectory(dir, { beatMs: 1000, patienceMs: 60_000 })).outcome).toBe("locked");
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
