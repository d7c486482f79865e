import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDirectory } from "../../../collector/spool/directory-files.ts";
import { SPAN_LINES } from "../../../collector/spool/lines.ts";
import { recoverSegments } from "../../../collector/spool/recover-segments.ts";
import { tokenOf } from "../../../collector/spool/segment-name.ts";
import { createRecordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { line, openSpool } from "./open-spool.ts";

const RUN = "0123456789abcdef";
const OPEN = `0000000007-${RUN}-1000.open`;

const recover = async (files: Readonly<Record<string, Uint8Array>>) => {
  const dir = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  const log = createRecordingLog();
  const recovered = await recoverSegments(await openDirectory(dir), SPAN_LINES, log);
  return { ...recovered, dir, log, names: (await readdir(dir)).sort() };
};

const torn = line(3).subarray(0, 100);

test("cuts off the torn last line of a segment that was growing, and seals it", async () => {
  const { segments, damaged, dir, names } = await recover({ [OPEN]: Buffer.concat([line(1), line(2), torn]) });
  expect(segments).toMatchObject([{ number: 7, run: RUN, firstMs: 1000, rows: 2 }]);
  expect([damaged, names]).toEqual([0, [segments[0]?.name]]);
  const { spool, stored, batches } = await openSpool(dir);
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
  expect(batches[0]?.token).toBe(`${RUN}-7`);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["only a torn line", torn],
])("removes a growing segment that holds %s", async (_what, content) => {
  const { segments, names, damaged } = await recover({ [OPEN]: content });
  expect([segments, names, damaged]).toEqual([[], [], 0]);
});

test.each([
  ["zeroes, as after a loss of power", Buffer.alloc(200)],
  ["half a line", Buffer.concat([torn, Buffer.from("\n")])],
  ["a row of another version", Buffer.from('["00000000000000000000000000000001","0000000000000001",5]\n')],
])("keeps the whole rows around %s and sets the original aside", async (_what, middle) => {
  const { segments, names, damaged, log, dir } = await recover({
    [OPEN]: Buffer.concat([line(1), middle, Buffer.from(middle.includes(10) ? "" : "\n"), line(2)]),
  });
  expect([segments.length, damaged]).toEqual([1, 1]);
  expect(names).toContain(`${OPEN}.bad`);
  expect(log.lines.join("\n")).toContain("damaged");
  const { spool, stored } = await openSpool(dir);
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
});

test("a crash while a growing segment was being sealed does not double it", async () => {
  const first = await recover({ [OPEN]: Buffer.concat([line(1), torn]) });
  await writeFile(join(first.dir, OPEN), Buffer.concat([line(1), torn]));
  await writeFile(join(first.dir, `${OPEN}.rows.tmp`), "half");
  const again = await recoverSegments(await openDirectory(first.dir), SPAN_LINES, createRecordingLog());
  expect(again.segments).toEqual(first.segments);
  expect(await readdir(first.dir)).toEqual([first.segments[0]?.name]);
});

/** The row of call `n` with so many columns, as a version that knew fewer, or knows more, writes it. */
const lineOf = (n: number, columns: number): Buffer => {
  const cells = JSON.parse(line(n).toString("utf8"));
  return Buffer.from(`${JSON.stringify(Array.from({ length: columns }, (_, index) => cells[index] ?? null))}\n`);
};
const KNOWN = SPAN_LINES.columns;

test.each([
  ["with the columns of the first version", 44],
  ["with one column fewer than now", KNOWN - 1],
])("stores a growing segment %s as what it is", async (_what, columns) => {
  const { damaged, dir } = await recover({ [OPEN]: Buffer.concat([lineOf(1, columns), lineOf(2, columns), torn]) });
  expect(damaged).toBe(0);
  const { spool, stored, batches } = await openSpool(dir);
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
  expect(batches[0]).toMatchObject({ columns, token: `${RUN}-7` });
});

test("keeps what a newer version wrote for that version, and stores the rest", async () => {
  const newer = await recover({ [OPEN]: Buffer.concat([lineOf(1, KNOWN + 1), lineOf(2, KNOWN + 1)]) });
  const kept = `${newer.segments[0]?.name}.newer`;
  for (const more of [3, 4]) {
    const { append, spool, stored, log } = await openSpool(newer.dir);
    await append(more);
    await spool.flush();
    expect(stored()).toEqual([more]);
    expect(await readdir(newer.dir)).toContain(kept);
    expect(log.lines.join("\n")).toContain("start that version again");
    await spool.close(1000);
  }
});

test("stores what a newer version wrote once that version is back", async () => {
  const { segments, dir } = await recover({ [OPEN]: line(1) });
  const name = segments[0]?.name ?? "";
  await rename(join(dir, name), join(dir, `${name}.newer`));
  const { spool, stored } = await openSpool(dir);
  await spool.flush();
  expect([stored(), await readdir(dir)]).toEqual([[1], []]);
});

test("numbers go on after the highest one in the directory, and strangers are left alone", async () => {
  const { segments, lastNumber, names } = await recover({
    [OPEN]: line(1),
    [`0000000009-${RUN}-1000.open.bad`]: line(2),
    "notes.txt": Buffer.from("mine"),
  });
  expect(lastNumber).toBe(9);
  expect(segments.map(tokenOf)).toEqual([`${RUN}-7`]);
  expect(names).toContain("notes.txt");
});

test("two runs never use the same token, although their numbers start again", async () => {
  const dir = await temporaryDirectory();
  const tokens: (string | undefined)[] = [];
  for (let run = 0; run < 2; run += 1) {
    const { append, spool, batches } = await openSpool(dir);
    await append(run);
    await spool.close(1000);
    tokens.push(batches[0]?.token);
  }
  expect(tokens[0]).toMatch(/^[0-9a-f]{16}-1$/);
  expect(tokens[1]).toMatch(/^[0-9a-f]{16}-1$/);
  expect(tokens[0]).not.toBe(tokens[1]);
});

test("knows the keys of what is left, newest first and within the limit", async () => {
  const dir = await temporaryDirectory();
  const first = await openSpool(dir, { maxRows: 2 });
  first.store.isUp = false;
  for (let n = 0; n < 6; n += 1) await first.append(n);
  await first.spool.close(10);
  const { spool } = await openSpool(dir, { maxLeftoverKeys: 3 });
  const key = (n: number) => (n + 1).toString(16).padStart(32, "0") + (n + 1).toString(16).padStart(16, "0");
  expect(spool.leftoverKeys).toEqual([key(5), key(4), key(3)]);
});
