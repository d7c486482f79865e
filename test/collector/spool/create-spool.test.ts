import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { parseOpenName } from "../../../collector/spool/segment-name.ts";
import { eventually } from "../eventually.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openSpool, sealed } from "./open-spool.ts";

const DURABLE = { outcome: "durable" };

const only = async (dir: string, ending: string): Promise<string> => {
  const names = (await readdir(dir)).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  return join(dir, names[0] ?? "");
};

test("rows are on disk before they are acknowledged, and gone from it once stored", async () => {
  const dir = await temporaryDirectory();
  const { spool, append, stored } = await openSpool(dir);
  expect(await append(1, 2)).toMatchObject(DURABLE);
  const open = await only(dir, ".open");
  const { run = "", number = 0 } = parseOpenName(basename(open)) ?? {};
  expect(await readFile(open)).toEqual(sealed(`${run}-${number}`, 1, 2));
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
  expect(await readdir(dir)).toEqual([]);
});

test("appends that arrive together share a write", async () => {
  const { files, append, spool, stored } = await openSpool(await temporaryDirectory());
  let writes = 0;
  const { create } = files;
  Object.assign(files, {
    create: async (name: string) => {
      const file = await create(name);
      return {
        ...file,
        append: (content: Uint8Array, position: number) => {
          writes += 1;
          return file.append(content, position);
        },
      };
    },
  });
  await Promise.all(Array.from({ length: 50 }, (_, n) => append(n)));
  expect(writes).toBeLessThanOrEqual(3);
  await spool.flush();
  expect(stored()).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

test.each([
  ["rows", { maxRows: 2 }],
  ["bytes", { maxSegmentBytes: 500 }],
  ["age", { maxDelayMs: 20 }],
])("stores a segment by itself when it has enough %s", async (_what, settings) => {
  const { append, stored } = await openSpool(await temporaryDirectory(), settings);
  await append(1, 2);
  await eventually(() => stored().length === 2);
});

test("stores segments in order, each with its own token", async () => {
  const { append, batches, spool, stored } = await openSpool(await temporaryDirectory(), { maxRows: 2 });
  for (let n = 0; n < 10; n += 1) await append(n);
  await spool.flush();
  expect(stored()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(batches.map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 2]);
  expect(new Set(batches.map(({ token }) => token)).size).toBe(5);
});

test("takes rows while the store is down and stores them in order when it is back", async () => {
  const { append, store, spool, stored, log } = await openSpool(await temporaryDirectory(), { maxRows: 2 });
  store.isUp = false;
  for (let n = 0; n < 6; n += 1) expect(await append(n)).toMatchObject(DURABLE);
  await eventually(() => spool.stats().insertFailures >= 5);
  await expect(spool.flush()).rejects.toThrow("the store is down");
  expect(spool.stats()).toMatchObject({ rows: 6, segments: 3, insertedRows: 0 });
  store.isUp = true;
  await spool.flush();
  expect(stored()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(spool.stats()).toMatchObject({ rows: 0, bytes: 0, insertedRows: 6, oldestUnsavedMs: null });
  expect(log.lines.filter((text) => text.includes("did not take the rows")).length).toBeLessThan(
    spool.stats().insertFailures,
  );
});

test("repeats a failed insert with the same token and content", async () => {
  const { append, store, spool, tried, batches } = await openSpool(await temporaryDirectory(), { maxRows: 1 });
  store.isUp = false;
  await append(1);
  await eventually(() => tried.length >= 3);
  store.isUp = true;
  await spool.flush();
  expect(batches).toHaveLength(1);
  for (const batch of tried) expect(batch).toEqual(batches[0]);
});

test("refuses rows beyond its limit and takes them again when the store caught up", async () => {
  const { append, store, spool, stored } = await openSpool(await temporaryDirectory(), { maxRows: 1, maxBytes: 700 });
  store.isUp = false;
  expect([await append(1), await append(2), await append(3)]).toMatchObject([DURABLE, DURABLE, { outcome: "full" }]);
  store.isUp = true;
  await spool.flush();
  expect(await append(4)).toMatchObject(DURABLE);
  await spool.flush();
  expect(stored()).toEqual([1, 2, 4]);
});

test("says how old the oldest unsaved row is", async () => {
  let now = 1000;
  const { append, store, spool } = await openSpool(await temporaryDirectory(), { maxRows: 1 }, () => now);
  expect(spool.stats().oldestUnsavedMs).toBeNull();
  store.isUp = false;
  await append(1);
  now = 5000;
  await append(2);
  expect(spool.stats().oldestUnsavedMs).toBe(4000);
});

test("a full disk refuses rows, keeps what was acknowledged, and is taken up again", async () => {
  const { append, files, spool, stored } = await openSpool(await temporaryDirectory());
  await append(1);
  files.failing.add("append");
  expect(await append(2)).toEqual({ outcome: "failed", detail: expect.stringContaining("ENOSPC") });
  files.failing.add("truncate");
  expect(await append(3)).toMatchObject({ outcome: "failed" });
  files.failing.clear();
  expect(await append(4)).toMatchObject(DURABLE);
  await spool.flush();
  expect(stored()).toEqual([1, 4]);
  expect(spool.stats()).toMatchObject({ appendFailures: 2, damagedSegments: 0 });
});

test("a disk that is full from the start refuses rows and recovers", async () => {
  const { append, files, spool, stored } = await openSpool(await temporaryDirectory());
  files.failing.add("create");
  expect(await append(1)).toMatchObject({ outcome: "failed" });
  files.failing.clear();
  expect(await append(2)).toMatchObject(DURABLE);
  await spool.flush();
  expect(stored()).toEqual([2]);
});

test("a segment whose last append failed is stored without it", async () => {
  const { append, files, spool, stored } = await openSpool(await temporaryDirectory());
  await append(1);
  files.failing.add("append");
  await append(2);
  files.failing.clear();
  await spool.flush();
  expect(stored()).toEqual([1]);
});

test("a segment that cannot be sealed goes on growing and is sealed later", async () => {
  const { append, files, spool, stored } = await openSpool(await temporaryDirectory(), { maxRows: 1, maxDelayMs: 10 });
  files.failing.add("rename");
  expect([await append(1), await append(2)]).toMatchObject([DURABLE, DURABLE]);
  files.failing.clear();
  await eventually(() => spool.stats().rows === 0);
  expect([stored(), spool.stats().insertedRows]).toEqual([[1, 2], 2]);
});

test("a read that fails for a while is tried again", async () => {
  const { append, files, spool, stored } = await openSpool(await temporaryDirectory(), { maxRows: 1 });
  files.failing.add("read");
  await append(1);
  await eventually(() => spool.stats().unreadableSegments === 1);
  files.failing.clear();
  await spool.flush();
  expect(stored()).toEqual([1]);
  expect(spool.stats()).toMatchObject({ damagedSegments: 0, unreadableSegments: 0, rows: 0 });
});

test("a damaged segment is set aside and the others are stored", async () => {
  const dir = await temporaryDirectory();
  const { append, store, spool, stored, log } = await openSpool(dir, { maxRows: 1 });
  store.isUp = false;
  for (const n of [1, 2, 3]) await append(n);
  const names = (await readdir(dir)).filter((name) => name.endsWith(".rows")).sort();
  const middle = join(dir, names[1] ?? "");
  const content = await readFile(middle);
  content[40] = content[40] === 0x61 ? 0x62 : 0x61;
  await writeFile(middle, content);
  store.isUp = true;
  await spool.flush();
  expect(stored()).toEqual([1, 3]);
  expect(await readdir(dir)).toEqual([`${names[1]}.bad`]);
  expect(spool.stats()).toMatchObject({ damagedSegments: 1, rows: 0, bytes: 0 });
  expect(log.lines.join("\n")).toContain(`${names[1]}.bad`);
});

test("what could not be stored before a close is stored by the next run, with its token", async () => {
  const dir = await temporaryDirectory();
  const first = await openSpool(dir, { maxRows: 2 });
  first.store.isUp = false;
  for (let n = 0; n < 5; n += 1) await first.append(n);
  await first.spool.close(50);
  const second = await openSpool(dir);
  await second.append(9);
  await second.spool.flush();
  expect(second.stored()).toEqual([0, 1, 2, 3, 4, 9]);
  expect(new Set(second.batches.map(({ token }) => token)).size).toBe(4);
});

test("closes in time although the store never answers", async () => {
  const dir = await temporaryDirectory();
  const { append, spool } = await openSpool(dir, { maxRows: 1 });
  await append(1);
  await spool.close(100);
  const hanging = await openSpool(dir, { maxRows: 1 });
  Object.assign(hanging.files, { read: () => new Promise(() => undefined) });
  await hanging.append(2);
  const start = performance.now();
  await hanging.spool.close(100);
  expect(performance.now() - start).toBeLessThan(5000);
});

test("one whose directory another agent took refuses rows, and leaves what it acknowledged to the other", async () => {
  const dir = await temporaryDirectory();
  let isLost = false;
  const owner = { holds: async () => !isLost, isLost: () => isLost };
  const first = await openSpool(dir, { maxRows: 2 }, () => 0, { owner });
  first.store.isUp = false;
  for (const n of [1, 2, 3]) expect(await first.append(n)).toMatchObject(DURABLE);
  isLost = true;
  const before = await readdir(dir);
  for (const n of [4, 5]) {
    expect(await first.append(n)).toEqual({ outcome: "failed", detail: "another agent has taken the directory" });
  }
  await expect(first.spool.flush()).rejects.toThrow();
  await first.spool.close(50);
  expect(await readdir(dir)).toEqual(before);
  const other = await openSpool(dir);
  await other.spool.flush();
  expect(other.stored()).toEqual([1, 2, 3]);
});

test("rows on disk that turn out to be another agent's do not count", async () => {
  const dir = await temporaryDirectory();
  let asked = 0;
  const holds = async () => {
    asked += 1;
    if (asked === 2) throw new Error("EMFILE: too many open files");
    return true;
  };
  const { append, spool, stored } = await openSpool(dir, {}, () => 0, { owner: { holds, isLost: () => false } });
  expect(await append(1)).toMatchObject(DURABLE);
  expect(await append(2)).toMatchObject({ outcome: "failed" });
  expect(await append(3)).toMatchObject(DURABLE);
  await spool.flush();
  expect(stored()).toEqual([1, 3]);
});
