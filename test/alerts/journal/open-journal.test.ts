import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createJournalFile, type JournalFile } from "../../../alerts/journal/journal-file.ts";
import { openJournal } from "../../../alerts/journal/open-journal.ts";
import type { LedgerEntry } from "../../../core/ledger.ts";
import { recordingLog } from "../recording-log.ts";
import { mountSmallDisk, type SmallDisk } from "../small-disk.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
let count = 0;
const freshFile = (): string => join(directory, `case-${count++}`, "journal", "entries.jsonl");

const entry = (id: string, reason = `reason of ${id}`): LedgerEntry => ({
  id,
  at: 1,
  migration: "m",
  by: "ana",
  incident: "m:1",
  event: { type: "command", command: "rollback", reason },
});
const open = async (path = freshFile(), file: JournalFile = createJournalFile(path), maxBytes = 1024 ** 2) => {
  const log = recordingLog();
  const journal = await openJournal({ file: path, maxBytes, timeoutMs: 200 }, { log, file });
  return { path, log, journal };
};
const idsIn = async (path: string): Promise<readonly string[]> => {
  const { journal } = await open(path);
  const ids = journal.pending().map(({ id }) => id);
  await journal.close();
  return ids;
};
const size = (path: string): number => statSync(path).size;

describe("a journal", () => {
  it("has on disk what it acknowledged, to the last character, until the ledger has it", async () => {
    const { path, journal } = await open();
    const odd = entry("odd", 'a\n"b"\t\u0000 \u{1f600} \ud800 日本');
    expect(await journal.add([entry("a"), odd])).toBe("");
    const again = await open(path);
    expect(again.journal.pending()).toEqual([entry("a"), odd]);
    journal.forget([entry("a"), odd]);
    await journal.close();
    expect([size(path), await idsIn(path)]).toEqual([0, []]);
  });

  it("is a file for its owner alone", async () => {
    const { path, journal } = await open();
    await journal.add([entry("a")]);
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("makes no file before there is something to write", async () => {
    const { path, journal } = await open();
    expect(await journal.add([])).toBe("");
    expect(existsSync(path)).toBe(false);
  });

  it("keeps an entry once, and those the ledger does not have yet", async () => {
    const { path, journal } = await open();
    await Promise.all([journal.add([entry("a")]), journal.add([entry("a"), entry("b")]), journal.add([entry("c")])]);
    journal.forget([entry("b")]);
    expect(journal.pending().map(({ id }) => id)).toEqual(["a", "c"]);
    await journal.add([entry("d")]);
    // What was forgotten may still be there: handing it over again changes nothing.
    expect((await idsIn(path)).filter((id) => id !== "b")).toEqual(["a", "c", "d"]);
  });

  it("does not grow without end while something waits", async () => {
    const { path, journal } = await open();
    await journal.add([entry("waits")]);
    const big = "x".repeat(64 * 1024);
    for (let i = 0; i < 40; i++) {
      await journal.add([entry(`n${i}`, big)]);
      journal.forget([entry(`n${i}`)]);
    }
    await journal.close();
    expect(size(path)).toBeLessThan(1.3 * 1024 ** 2);
    expect(await idsIn(path)).toContain("waits");
  });

  it("says when it is full, and goes on when the ledger took what waited", async () => {
    const { journal } = await open(freshFile(), undefined, 1_000);
    expect(await journal.add([entry("a", "x".repeat(600))])).toBe("");
    expect(await journal.add([entry("b", "x".repeat(600))])).toContain("full");
    expect(journal.problem()).toContain("1 entries are on no record yet (full");
    journal.forget([entry("a")]);
    await expect.poll(() => journal.add([])).toBe("");
    expect(journal.problem()).toBe("");
  });
});

describe("what an earlier run left", () => {
  it("is used up to the line a crash cut off, wherever it did (every byte), and goes on from there", async () => {
    const { path, journal } = await open();
    await journal.add([entry("a"), entry("b")]);
    await journal.close();
    const whole = readFileSync(path);
    const first = whole.indexOf(10) + 1;
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      writeFileSync(path, whole.subarray(0, bytes));
      const next = await open(path);
      const expected = bytes === whole.length ? ["a", "b"] : bytes >= first ? ["a"] : [];
      expect(next.journal.pending().map(({ id }) => id)).toEqual(expected);
      expect(await next.journal.add([entry("c")])).toBe("");
      await next.journal.close();
      expect(await idsIn(path)).toEqual([...expected, "c"]);
    }
    expect(existsSync(`${path}.bad`)).toBe(false);
  });

  it("is used without its damaged lines, which are set aside (a flipped bit in each byte)", async () => {
    const { path, journal } = await open();
    await journal.add([entry("a"), entry("b"), entry("c")]);
    await journal.close();
    const whole = readFileSync(path);
    const [start, end] = [whole.indexOf(10) + 1, whole.indexOf(10, whole.indexOf(10) + 1)];
    for (let at = start; at < end; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x81;
      writeFileSync(path, damaged);
      rmSync(`${path}.bad`, { force: true });
      const next = await open(path);
      expect(next.journal.pending().map(({ id }) => id)).toEqual(["a", "c"]);
      expect(next.log.lines.join()).toContain("damaged lines");
      expect(readFileSync(`${path}.bad`, "utf8")).toContain("reason");
      await next.journal.close();
      expect(await idsIn(path)).toEqual(["a", "c"]);
    }
  });

  it.each([
    ["zeros", Buffer.alloc(100)],
    ["an empty line", Buffer.from("\n")],
    ["somebody's text", Buffer.from("hello\nworld\n")],
    ["JSON without a checksum", Buffer.from('{"id":"x"}\n')],
    ["no UTF-8", Buffer.from([0xff, 0xfe, 10, 0xc3])],
  ])("is nothing where the file holds %s, and it can be written", async (_what, content) => {
    const path = freshFile();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const { journal } = await open(path);
    expect(journal.pending()).toEqual([]);
    expect(await journal.add([entry("a")])).toBe("");
    await journal.close();
    expect(await idsIn(path)).toEqual(["a"]);
  });

  it("that cannot be read keeps the agent from starting: it may hold a rollback", async () => {
    const path = freshFile();
    mkdirSync(path, { recursive: true });
    await expect(open(path)).rejects.toMatchObject({
      code: "store-unavailable",
      message: expect.stringMatching(/entries\.jsonl cannot be read \(EISDIR.+move it away to start without them/),
    });
  });
});

describe("a file that is taken away from a running agent", () => {
  it.each<[string, (path: string) => void]>([
    ["deleted", (path) => rmSync(path)],
    ["moved", (path) => renameSync(path, `${path}.old`)],
    [
      "replaced",
      (path) => {
        renameSync(path, `${path}.old`);
        writeFileSync(path, "");
      },
    ],
    ["deleted with its folder", (path) => rmSync(dirname(path), { recursive: true })],
    ["emptied", (path) => truncateSync(path)],
  ])("%s is written anew, with all that waits", async (_how, take) => {
    const { path, journal } = await open();
    await journal.add([entry("a"), entry("b")]);
    take(path);
    expect(await journal.add([entry("c")])).toBe("");
    await journal.close();
    expect(await idsIn(path)).toEqual(["a", "b", "c"]);
  });

  it("that somebody wrote to keeps what was acknowledged", async () => {
    const { path, journal } = await open();
    await journal.add([entry("a")]);
    appendFileSync(path, "garbage without an end");
    await journal.add([entry("b")]);
    await journal.close();
    expect(await idsIn(path)).toEqual(["a", "b"]);
  });
});

describe("a disk that does not take it", () => {
  const disks: SmallDisk[] = [];
  afterEach(() => {
    for (const disk of disks.splice(0)) disk.end();
  });

  it.each(["full", "read-only"] as const)("because it is %s: it says so, and writes it when it can", async (how) => {
    const path = join(directory, `small-${count++}`);
    const disk = mountSmallDisk(path);
    if (disk === null) return;
    disks.push(disk);
    const before = await open(join(path, "entries.jsonl"));
    await before.journal.add([entry("a")]);
    await before.journal.close();
    if (how === "full") disk.fill();
    else disk.remount("ro");
    const { journal } = await open(join(path, "entries.jsonl"));
    const big = entry("b", "x".repeat(8_000));
    expect(await journal.add([big])).toMatch(how === "full" ? /entries\.jsonl: ENOSPC/ : /entries\.jsonl: EROFS/);
    expect(journal.problem()).toContain("1 entries are on no record yet");
    expect(journal.pending()).toEqual([entry("a"), big]);
    expect(await idsIn(join(path, "entries.jsonl"))).toEqual(["a"]);
    if (how === "full") disk.empty();
    else disk.remount("rw");
    expect(await journal.add([])).toBe("");
    expect(journal.problem()).toBe("");
    await journal.close();
    expect(await idsIn(join(path, "entries.jsonl"))).toEqual(["a", "b"]);
  });

  it("because it hangs: nobody waits longer than once, and it is written when it answers", async () => {
    const path = freshFile();
    const real = createJournalFile(path);
    const answers = Promise.withResolvers<void>();
    const file: JournalFile = {
      ...real,
      append: async (...args) => {
        await answers.promise;
        return real.append(...args);
      },
    };
    const { journal } = await open(path, file);
    expect(await journal.add([entry("a")])).toContain("no answer within 200 ms");
    const started = performance.now();
    for (let i = 0; i < 20; i++) expect(await journal.add([entry(`n${i}`)])).not.toBe("");
    expect(performance.now() - started).toBeLessThan(3_000);
    answers.resolve();
    await expect.poll(() => journal.add([])).toBe("");
    await journal.close();
    expect(await idsIn(path)).toHaveLength(21);
  });
});

describe("kill -9", () => {
  const WRITER = `
    import { openJournal } from ${JSON.stringify(join(import.meta.dirname, "../../../alerts/journal/open-journal.ts"))};
    const nothing = () => {};
    const journal = await openJournal({ file: process.argv[1] }, { log: { info: nothing, warn: nothing, error: nothing } });
    for (let i = 0; ; i += 1) {
      const id = process.pid + "-" + i;
      const entry = { id, at: i, migration: "m", by: "a", incident: "", event: { type: "command", command: "pause", reason: "r" } };
      if ((await journal.add([entry])) === "") process.stdout.write(id + "\\n");
    }`;

  it("in the middle of writing loses nothing that was acknowledged", async () => {
    const path = freshFile();
    const all: string[] = [];
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let acknowledged = "";
      child.stdout.on("data", (chunk) => {
        acknowledged += chunk;
        if (acknowledged.split("\n").length > 30 + round) child.kill("SIGKILL");
      });
      await once(child, "close");
      all.push(...acknowledged.split("\n").slice(0, -1));
    }
    const kept = new Set(await idsIn(path));
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((id) => !kept.has(id))).toEqual([]);
  });
});
