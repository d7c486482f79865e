import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openName, parseOpenName } from "../../../collector/spool/segment-name.ts";
import { eventually } from "../eventually.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openSpool, sealed } from "./open-spool.ts";

const ID = { number: 7, run: "0123456789abcdef", firstMs: 1000 };
const OPEN = openName(ID);

const listen = async (path: string): Promise<void> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
};

const STRANGERS: readonly (readonly [string, (dir: string) => Promise<unknown>, string])[] = [
  ["a directory", (dir) => mkdir(join(dir, "backup")), "backup"],
  ["a directory with files", (dir) => mkdir(join(dir, "a", "b"), { recursive: true }), "a"],
  ["a directory that is called like a segment", (dir) => mkdir(join(dir, `0000000009-${ID.run}-01000.open`)), "0009-"],
  ["a directory that is called like an unfinished file", (dir) => mkdir(join(dir, "0000000009-x.tmp")), "9-x.tmp"],
  ["a socket", (dir) => listen(join(dir, "s")), '"s"'],
  ["a link that leads nowhere", (dir) => symlink("/nowhere", join(dir, "link")), "link"],
  ["a link to a device", (dir) => symlink("/dev/zero", join(dir, `0000000008-${ID.run}-01000.open`)), "0008-"],
  ["a file of somebody's", (dir) => writeFile(join(dir, "notes.tmp"), "mine"), "notes.tmp"],
  [
    "a file whose name is no UTF-8",
    (dir) => writeFile(Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9, 0xff])]), "mine"),
    "caf",
  ],
  ["a file with an umlaut", (dir) => writeFile(join(dir, "schön.txt"), "mine"), "schön.txt"],
  [
    "an empty file that is almost called like a segment",
    (dir) => writeFile(join(dir, `${OPEN.slice(0, -1)}o`), ""),
    "01000.opeo",
  ],
];

test.each(STRANGERS)(
  "%s does not keep the spool from starting; it is left alone and said once",
  async (_what, make, name) => {
    const dir = await temporaryDirectory();
    await make(dir);
    const before = (await readdir(dir, { encoding: "buffer" })).map(String);
    await writeFile(join(dir, OPEN), sealed("0123456789abcdef-7", 1));
    const { spool, stored, append, log } = await openSpool(dir);
    await append(2);
    await spool.flush();
    expect(stored()).toEqual([1, 2]);
    expect((await readdir(dir, { encoding: "buffer" })).map(String)).toEqual(before);
    const told = log.lines.filter((line) => line.includes("left alone"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(name);
  },
);

test("a segment that the disk does not give back stops no other one, and is stored when it does", async () => {
  const dir = await temporaryDirectory();
  const { append, files, store, spool, stored, log } = await openSpool(dir, { maxRows: 1 });
  store.isUp = false;
  for (const n of [1, 2, 3]) await append(n);
  const [, broken = ""] = (await readdir(dir)).filter((name) => name.endsWith(".rows")).sort();
  files.unreadable.add(broken);
  store.isUp = true;
  await eventually(() => stored().length === 2);
  expect(stored()).toEqual([1, 3]);
  await eventually(() => spool.stats().rows === 1);
  expect(spool.stats()).toMatchObject({ unreadableSegments: 1, segments: 1, damagedSegments: 0 });
  await append(4);
  await eventually(() => stored().includes(4));
  expect(log.lines.filter((line) => line.includes("EIO")).length).toBeGreaterThan(0);
  expect(log.lines.find((line) => line.includes("EIO"))).toContain(broken);
  files.unreadable.clear();
  await eventually(() => spool.stats().rows === 0);
  expect(stored()).toEqual([1, 3, 4, 2]);
  expect(spool.stats()).toMatchObject({ unreadableSegments: 0, insertFailures: expect.any(Number) });
});

test("a growing segment that the disk does not give back waits for the next start", async () => {
  const dir = await temporaryDirectory();
  const other = openName({ ...ID, number: 8 });
  await writeFile(join(dir, OPEN), sealed("0123456789abcdef-7", 1));
  await writeFile(join(dir, other), sealed("0123456789abcdef-8", 2));
  const first = await openSpool(dir, {}, undefined, { unreadable: [OPEN] });
  await first.spool.flush();
  expect(first.stored()).toEqual([2]);
  expect(first.spool.stats().unreadableSegments).toBe(1);
  await first.spool.close(100);
  const second = await openSpool(dir);
  await second.spool.flush();
  expect(second.stored()).toEqual([1]);
});

test("rows of a directory that is removed while it is used are refused or written again, never lost", async () => {
  const dir = await temporaryDirectory();
  const { append, spool, stored, log } = await openSpool(dir);
  expect(await append(1)).toMatchObject({ outcome: "durable" });
  await rm(dir, { recursive: true });
  expect(await append(2)).toEqual({ outcome: "failed", detail: expect.stringContaining("removed") });
  expect(await append(2)).toMatchObject({ outcome: "durable" });
  const [name = ""] = (await readdir(dir)).filter((each) => each.endsWith(".open"));
  expect(parseOpenName(name)?.isChecked).toBe(true);
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
  expect(log.lines.join("\n")).toContain("removed while it was written");
});

test("rows that were sealed when the directory was removed are told as lost", async () => {
  const dir = await temporaryDirectory();
  const { append, store, spool, stored, log } = await openSpool(dir, { maxRows: 2 });
  store.isUp = false;
  await append(1, 2);
  await eventually(() => spool.stats().insertFailures > 0);
  await rm(dir, { recursive: true });
  store.isUp = true;
  await eventually(() => spool.stats().rows === 0);
  expect(stored()).toEqual([]);
  expect(spool.stats()).toMatchObject({ damagedRows: 2, damagedSegments: 1 });
  expect(log.lines.join("\n")).toMatch(/removed before its rows were stored.*"rows":2/);
});
