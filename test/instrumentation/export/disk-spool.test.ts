import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiskSpool, type DiskSpoolSettings } from "../../../instrumentation/export/disk-spool.ts";
import { directoryForEndpoint } from "../../../instrumentation/export/spool-directory.ts";

const bytes = (text: string) => Buffer.from(text);
const textOf = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();

describe("the disk spool", () => {
  let base: string;
  let alive: Set<number>;
  let time: number;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "leeway-spool-"));
    alive = new Set();
    time = 1_790_000_000_000;
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));
  const spoolOf = (pid: number, more: Partial<DiskSpoolSettings> = {}) => {
    alive.add(pid);
    const settings = {
      base,
      dir: join(base, "e"),
      maxBytes: 1000,
      pid,
      startedMs: time,
      instance: "0000000a",
      ...more,
    };
    return createDiskSpool(settings, { now: () => time, isAlive: (other) => alive.has(other) });
  };
  const files = () => readdirSync(join(base, "e"));

  it("gives back what it was given, the oldest first, until it is removed", () => {
    const spool = spoolOf(1);
    expect(spool.claim()).toBeNull();
    expect(spool.write(bytes("one"), 1)).toBe(true);
    time += 5;
    spool.write(bytes("two"), 2);
    expect([textOf(spool.claim()?.data), spool.claim()?.spans]).toEqual(["one", 1]);
    spool.claim()?.remove();
    expect(textOf(spool.claim()?.data)).toBe("two");
    spool.claim()?.remove();
    expect(spool.claim()).toBeNull();
    expect(files()).toEqual([]);
  });

  it("keeps the order of files written in the same millisecond", () => {
    const spool = spoolOf(1);
    for (let index = 0; index < 12; index += 1) spool.write(bytes(String(index)), 1);
    const read: string[] = [];
    for (let batch = spool.claim(); batch !== null; batch = spool.claim()) {
      read.push(textOf(batch.data));
      batch.remove();
    }
    expect(read.map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("leaves a living process its files, and gives those of a dead one to exactly one other", () => {
    spoolOf(1).write(bytes("left"), 3);
    const [second, third] = [spoolOf(2), spoolOf(3)];
    expect(second.claim()).toBeNull();
    alive.delete(1);
    expect(second.claim()?.spans).toBe(3);
    expect(third.claim()).toBeNull();
    alive.delete(2);
    expect(textOf(third.claim()?.data)).toBe("left");
  });

  it("knows a dead process of its own pid, as in containers, from another thread of its own process", () => {
    spoolOf(1, { instance: "0000000b" }).write(bytes("before"), 1);
    time += 10;
    const spool = spoolOf(1);
    expect(textOf(spool.claim()?.data)).toBe("before");
    spool.claim()?.remove();
    time += 10;
    spoolOf(1, { instance: "0000000c", startedMs: time - 10 }).write(bytes("thread"), 1);
    expect(spool.claim()).toBeNull();
  });

  it("makes room by dropping the oldest, and counts the spans in them", () => {
    const spool = spoolOf(1);
    for (let index = 0; index < 5; index += 1) {
      time += 1;
      spool.write(Buffer.alloc(300, index), 10 + index);
    }
    expect(files()).toHaveLength(3);
    expect(spool.dropped()).toBe(10 + 11);
    expect(spool.claim()?.spans).toBe(12);
    expect(spool.write(Buffer.alloc(1001), 1)).toBe(false);
  });

  it("bounds the number of files too", () => {
    const spool = spoolOf(1, { maxBytes: 1e9 });
    mkdirSync(join(base, "e"));
    for (let index = 0; index < 1000; index += 1) {
      writeFileSync(join(base, "e", `1780000000000-${String(index).padStart(6, "0")}-1-1-9-0000000f.json`), "x");
    }
    spool.write(bytes("new"), 1);
    expect(files()).toHaveLength(1000);
    expect(spool.dropped()).toBe(1);
  });

  it("drops and counts what lay there for more than three days", () => {
    const spool = spoolOf(1);
    spool.write(bytes("old"), 7);
    time += 3 * 86_400_000 + 1;
    expect(spool.claim()).toBeNull();
    expect(spool.dropped()).toBe(7);
  });

  it("lets nobody else read what it writes", () => {
    spoolOf(1).write(bytes("x"), 1);
    expect(statSync(join(base, "e")).mode & 0o077).toBe(0);
    expect(statSync(join(base, "e", files()[0] ?? "")).mode & 0o077).toBe(0);
  });

  it.each([
    ["a link", (dir: string) => symlinkSync(tmpdir(), dir)],
    ["a file", (dir: string) => writeFileSync(dir, "")],
  ])("writes nothing where its directory is %s", (_what, make) => {
    make(join(base, "e"));
    expect(spoolOf(1).write(bytes("x"), 1)).toBe(false);
    expect(spoolOf(1).claim()).toBeNull();
  });

  it("sends nothing that lies behind a link, where somebody else may have put it", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "leeway-spool-"));
    writeFileSync(join(elsewhere, "1790000000000-000001-1-1-9-0000000f.json"), "x");
    symlinkSync(elsewhere, join(base, "e"));
    expect(spoolOf(1).claim()).toBeNull();
    rmSync(elsewhere, { recursive: true });
  });

  it.skipIf(process.getuid?.() === 0)("says so when it may not write", () => {
    chmodSync(base, 0o500);
    expect(spoolOf(1).write(bytes("x"), 1)).toBe(false);
    chmodSync(base, 0o700);
  });

  it("tells files of the version before, whose requests have no checksums, from its own", () => {
    const spool = spoolOf(1);
    mkdirSync(join(base, "e"));
    writeFileSync(join(base, "e", "1789999999999-000001-4-1-9-0000000f.json"), "old");
    spool.write(bytes("new"), 1);
    expect([spool.claim()?.isChecked, spool.claim()?.spans, textOf(spool.claim()?.data)]).toEqual([false, 4, "old"]);
    spool.claim()?.remove();
    expect([spool.claim()?.isChecked, textOf(spool.claim()?.data)]).toEqual([true, "new"]);
  });

  it("gives a file that cannot be removed out once, and passes over a directory", () => {
    const spool = spoolOf(1);
    spool.write(bytes("x"), 1);
    const [name = ""] = files();
    mkdirSync(join(base, "e", "1780000000000-000001-1-1-9-0000000f.jsonl"));
    const batch = spool.claim();
    expect(textOf(batch?.data)).toBe("x");
    rmSync(join(base, "e", name));
    mkdirSync(join(base, "e", name));
    batch?.remove();
    expect(spool.claim()).toBeNull();
  });

  it("keeps files that are not its own out of it", () => {
    const spool = spoolOf(1);
    spool.write(bytes("x"), 1);
    writeFileSync(join(base, "e", "notes.json"), "mine");
    spool.claim()?.remove();
    expect(spool.claim()).toBeNull();
    expect(files()).toEqual(["notes.json"]);
  });

  it("keeps the spans for different collectors apart", () => {
    expect(directoryForEndpoint(base, "http://a:4318")).not.toBe(directoryForEndpoint(base, "http://b:4318"));
  });
});
