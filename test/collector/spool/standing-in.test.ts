import { appendFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keyOfLine } from "../../../collector/spool/lines.ts";
import { exchangeRows, standingIn } from "../../../collector/spool/standing-in.ts";
import { encodeSpanRow, SPAN_COLUMNS } from "../../../core/span-row.ts";
import { rowOf } from "../normalise/normalise.ts";
import { chatSpan } from "../otlp-request.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { line, numbersIn, openSpool } from "./open-spool.ts";

const keyOf = (n: number): string => keyOfLine(line(n).toString()) ?? "";

/** Row `n`, which stands in for row `other`. */
const instead = (n: number, other: number): Buffer => Buffer.from(standingIn(line(n).toString(), keyOf(other)));

const growing = async (dir: string): Promise<string> => {
  const name = (await readdir(dir)).find((each) => each.endsWith(".open"));
  return join(dir, name ?? "none");
};

test("a row takes the place of one in the segment that grows", async () => {
  const { spool, append, stored, batches } = await openSpool(await temporaryDirectory());
  expect(await append(1, 2, 3)).toMatchObject({ segment: 1 });
  expect(await spool.exchange(instead(4, 2), 1)).toBe(true);
  await spool.flush();
  expect(stored()).toEqual([1, 3, 4]);
  expect(batches).toMatchObject([{ rows: 3, columns: SPAN_COLUMNS.length }]);
  expect(batches.map((batch) => String(batch.lines))).toEqual([`${line(1)}${line(3)}${line(4)}`]);
});

test("a row that stands in for another may give way itself, be it the first of its segment", async () => {
  const { spool, append, stored } = await openSpool(await temporaryDirectory());
  await append(1);
  expect(await spool.exchange(instead(2, 1), 1)).toBe(true);
  expect(await spool.exchange(instead(3, 2), 1)).toBe(true);
  await spool.flush();
  expect(stored()).toEqual([3]);
});

test("a segment that is sealed, or of which there is none yet, takes no row in the place of another", async () => {
  const { spool, append, stored } = await openSpool(await temporaryDirectory());
  expect(await spool.exchange(instead(9, 1), 1)).toBe(false);
  await append(1);
  await spool.flush();
  expect(await spool.exchange(instead(2, 1), 1)).toBe(false);
  await append(3);
  expect(await spool.exchange(instead(2, 1), 1)).toBe(false);
  await spool.flush();
  expect(stored()).toEqual([1, 3]);
});

test("rows that wait to be written are not held up by one that comes too late", async () => {
  const { spool, append, stored } = await openSpool(await temporaryDirectory(), { maxRows: 2 });
  const answers = await Promise.all([append(1), append(2), spool.exchange(instead(3, 1), 7), append(4)]);
  expect(answers).toMatchObject([{ outcome: "durable" }, { outcome: "durable" }, false, { outcome: "durable" }]);
  await spool.flush();
  expect(stored().toSorted()).toEqual([1, 2, 4]);
});

test("where the disk refuses the better row, or the spool is full, the other stays", async () => {
  const { spool, append, files, stored } = await openSpool(await temporaryDirectory(), {
    maxBytes: 2 * line(1).length,
  });
  await append(1);
  files.failing.add("append");
  expect(await spool.exchange(instead(2, 1), 1)).toBe(false);
  files.failing.delete("append");
  expect(await spool.exchange(Buffer.concat([instead(2, 1), Buffer.alloc(2000)]), 1)).toBe(false);
  await spool.flush();
  expect(stored()).toEqual([1]);
});

test("a batch that is tried again is the same, to the byte", async () => {
  const { spool, append, store, tried } = await openSpool(await temporaryDirectory());
  await append(1, 2);
  await spool.exchange(instead(3, 1), 1);
  store.isUp = false;
  await expect(spool.flush()).rejects.toThrow("the store is down");
  store.isUp = true;
  await spool.flush();
  expect(new Set(tried.map(({ token, lines }) => `${token} ${lines}`)).size).toBe(1);
  expect(tried.length).toBeGreaterThan(1);
});

test("after a crash the exchange holds, and both rows are known", async () => {
  const dir = await temporaryDirectory();
  const before = await openSpool(dir);
  await before.append(1, 2);
  await before.spool.exchange(instead(3, 1), 1);
  const left = await temporaryDirectory();
  const file = await growing(dir);
  await writeFile(file.replace(dir, left), await readFile(file));
  const after = await openSpool(left);
  await after.spool.flush();
  expect(after.stored()).toEqual([2, 3]);
  expect(after.spool.leftoverKeys.toSorted()).toEqual([1, 2, 3].map(keyOf).toSorted());
});

test.each([
  ["torn", (file: string, size: number) => truncate(file, size - 5)],
  [
    "damaged",
    async (file: string, size: number) => {
      const content = await readFile(file);
      content[size - 60] = 0x20;
      await writeFile(file, content);
    },
  ],
  ["followed by another's torn end", (file: string) => appendFile(file, instead(4, 1).subarray(0, 70))],
])("a better row whose line is %s costs no call", async (how, damage) => {
  const dir = await temporaryDirectory();
  const before = await openSpool(dir);
  await before.append(1, 2);
  await before.spool.exchange(instead(3, 1), 1);
  const left = await temporaryDirectory();
  const file = await growing(dir);
  const content = await readFile(file);
  await writeFile(file.replace(dir, left), content);
  await damage(file.replace(dir, left), content.length);
  const after = await openSpool(left);
  await after.spool.flush();
  expect(after.stored()).toEqual(how === "torn" || how === "damaged" ? [1, 2] : [2, 3]);
});

test("no text of a sender is taken for an exchange", () => {
  const evil = `",${JSON.stringify(`=>${keyOf(1)}`)}]`;
  const row = rowOf(chatSpan(2));
  const texts = { ...row, service: evil, parameters: `x,"=>${keyOf(1)}"]`, segments: { [evil]: `=>${keyOf(1)}` } };
  const lists = { ...texts, key_paths: ["a", `=>${keyOf(1)}`], conversation_id: `,"=>${keyOf(1)}"]` };
  const lines = Buffer.concat([line(1), Buffer.from(encodeSpanRow(lists))]);
  expect(exchangeRows(Buffer.from(lines), 2)).toEqual({ lines, rows: 2, gone: [] });
});

test("names of rows that are not there leave the others as they are", () => {
  const lines = Buffer.concat([line(1), instead(2, 9)]);
  const { lines: left, rows, gone } = exchangeRows(lines, 2);
  expect({ left: String(left), rows, gone }).toEqual({ left: `${line(1)}${line(2)}`, rows: 2, gone: [keyOf(9)] });
  expect(numbersIn({ token: "t", lines: left, rows })).toEqual([1, 2]);
});
