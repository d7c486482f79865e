import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checksumText, extendChecksum } from "../../../collector/spool/checksum.ts";
import { SPAN_LINES } from "../../../collector/spool/lines.ts";
import { readSegment } from "../../../collector/spool/read-segment.ts";
import { sealLines } from "../../../collector/spool/record-check.ts";
import { openName, type SealedSegment, sealedName } from "../../../collector/spool/segment-name.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { line, openSpool, sealed } from "./open-spool.ts";

const ID = { number: 7, run: "0123456789abcdef", firstMs: 1000 };
const TOKEN = "0123456789abcdef-7";
const ROWS = Array.from({ length: 100 }, (_, n) => n);
const NEWLINE = 10;

/** A segment of these rows, as its name describes it. */
const segmentOf = (numbers: readonly number[]): SealedSegment & { readonly content: Buffer } => {
  const content = sealed(TOKEN, ...numbers);
  const [rows, checksum] = [numbers.length, checksumText(extendChecksum(0, content))];
  const name = sealedName(ID, rows, content.length, checksum);
  return { ...ID, name, rows, bytes: content.length, checksum, content };
};

const flip = (content: Uint8Array, bit: number): Buffer => {
  const flipped = Buffer.from(content);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

/** How many of the rows are given to the store; throws when something else is, or a row twice. */
const rowsRead = (content: Buffer, segment: SealedSegment, original: ReadonlySet<string>): number => {
  const read = readSegment(content, segment, SPAN_LINES);
  if (read.outcome !== "rows") return 0;
  const lines = read.lines.toString("utf8").split(/(?<=\n)/);
  const strange = lines.filter((each) => !original.has(each));
  if (strange.length > 0) throw new Error(`not what was written: ${strange[0]}`);
  if (new Set(lines).size !== lines.length) throw new Error("a row twice");
  if (read.rows !== lines.length) throw new Error(`${read.rows} rows are ${lines.length} lines`);
  if (read.lost !== segment.rows - lines.length) throw new Error(`${read.lost} lost of ${segment.rows}`);
  return read.rows;
};

const originals = (numbers: readonly number[]): ReadonlySet<string> =>
  new Set(numbers.map((n) => line(n).toString("utf8")));

describe("a flipped bit", () => {
  test("costs at most the row it is in, wherever it is in a segment", () => {
    const segment = segmentOf([1, 2, 3]);
    const original = originals([1, 2, 3]);
    for (let bit = 0; bit < segment.content.length * 8; bit += 1) {
      const kept = rowsRead(flip(segment.content, bit), segment, original);
      if (kept < 2) throw new Error(`bit ${bit}: ${3 - kept} rows are lost`);
      // a newline is found again: its rows are whole
      if (segment.content[bit >> 3] === NEWLINE) expect({ bit, kept }).toEqual({ bit, kept: 3 });
    }
  });

  test("costs no other of a hundred rows, and several at random cost no more than the rows they hit", () => {
    const segment = segmentOf(ROWS);
    const original = originals(ROWS);
    const random = seededRandom(12);
    for (let run = 0; run < 400; run += 1) {
      const flips = 1 + Math.floor(random() * 5);
      let content = segment.content;
      for (let n = 0; n < flips; n += 1) content = flip(content, Math.floor(random() * content.length * 8));
      expect(rowsRead(content, segment, original)).toBeGreaterThanOrEqual(100 - flips);
    }
  });

  test("in a row that is alone in its segment never makes it a row without checksum", () => {
    const segment = segmentOf([1]);
    for (let bit = 0; bit < segment.content.length * 8; bit += 1) {
      const read = readSegment(flip(segment.content, bit), segment, SPAN_LINES);
      // it is set aside, or what flipped is beside the row
      if (read.outcome === "rows") expect(read.lines).toEqual(line(1));
      else expect({ bit, outcome: read.outcome }).toEqual({ bit, outcome: "damaged" });
    }
  });

  test("in its name costs nothing: what does not name it any more is mended, what does is not relied on", async () => {
    const { name, content } = segmentOf([1, 2, 3]);
    const names = Array.from({ length: name.length * 8 }, (_, bit) => flip(Buffer.from(name, "latin1"), bit));
    // neither of these two bytes can stand in a name
    const possible = names.filter((each) => !each.includes(0) && !each.includes(0x2f));
    for (const each of possible.filter((_each, index) => index % 7 === 0)) {
      const dir = await temporaryDirectory();
      await writeFile(Buffer.concat([Buffer.from(`${dir}/`), each]), content);
      const { spool, stored, batches } = await openSpool(dir);
      await spool.flush();
      expect([each.toString("latin1"), stored(), batches[0]?.token]).toEqual([
        each.toString("latin1"),
        [1, 2, 3],
        TOKEN,
      ]);
      expect(spool.stats()).toMatchObject({ damagedRows: 0, damagedSegments: 0 });
      expect(await readdir(dir)).toEqual([]);
    }
  });
});

/** What a disk may do to the content of a segment, and which of its hundred rows that costs. */
const nth = (content: Buffer, n: number): number => {
  let at = 0;
  for (let row = 0; row < n; row += 1) at = content.indexOf(NEWLINE, at) + 1;
  return at;
};
const without = (...lost: number[]): number[] => ROWS.filter((n) => !lost.includes(n));
type Damage = readonly [what: string, damage: (content: Buffer) => Buffer, kept: readonly number[], bad: boolean];

const DAMAGES: readonly Damage[] = [
  ["a value", (content) => flip(content, (nth(content, 40) + 120) * 8), without(40), true],
  ["a key", (content) => flip(content, (nth(content, 40) + 10) * 8 + 1), without(40), true],
  ["a checksum", (content) => flip(content, (nth(content, 41) - 5) * 8), without(40), true],
  ["the token in the first row", (content) => flip(content, (nth(content, 1) - 4) * 8), ROWS, false],
  ["a newline, so that two rows are one", (content) => flip(content, (nth(content, 41) - 1) * 8), ROWS, false],
  ["the last newline", (content) => flip(content, (content.length - 1) * 8), ROWS, false],
  [
    "a newline in a row, so that one is two",
    (content) => {
      const damaged = Buffer.from(content);
      damaged[nth(content, 40) + 50] = NEWLINE;
      return damaged;
    },
    without(40),
    true,
  ],
  [
    "zeroes in the middle",
    (content) => Buffer.from(content).fill(0, nth(content, 40), nth(content, 42) - 3),
    without(40, 41),
    true,
  ],
  [
    "a block that is there twice",
    (content) => Buffer.concat([content.subarray(0, 4096), content.subarray(2048)]),
    ROWS,
    true,
  ],
  [
    "a block of another segment",
    (content) => Buffer.concat([content, sealLines(line(3), 1, { token: "fedcba9876543210-9", isFirst: false })]),
    ROWS,
    true,
  ],
];

/** Damage to the end: what a growing segment lacks was perhaps never acknowledged, what a sealed one lacks was. */
const CUT: readonly Damage[] = [
  ["the end is missing, in a row", (content) => content.subarray(0, nth(content, 98) + 30), without(98, 99), true],
  ["the end is missing, between rows", (content) => content.subarray(0, nth(content, 98)), without(98, 99), false],
  ["zeroes at the end", (content) => Buffer.from(content).fill(0, nth(content, 98) + 30), without(98, 99), true],
];

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

describe.each([
  ["sealed", segmentOf(ROWS).name, [...DAMAGES, ...CUT]],
  ["growing", openName(ID), [...DAMAGES, ...CUT]],
] as const)("a %s segment", (kind, name, damages) => {
  test.each(damages)("with damage to %s loses no other row", async (what, damage, kept, isSetAside) => {
    const dir = await temporaryDirectory();
    const content = segmentOf(ROWS).content;
    await writeFile(join(dir, name), damage(content));
    const { spool, stored, batches, log } = await openSpool(dir, { maxLeftoverKeys: 1000 });
    expect(spool.leftoverKeys).toHaveLength(kept.length);
    await spool.flush();
    expect(sorted(stored())).toEqual(kept);
    expect(batches.map(({ token, rows }) => [token, rows])).toEqual([[TOKEN, kept.length]]);
    const isTorn = kind === "growing" && CUT.some(([each]) => each === what);
    const left = (await readdir(dir)).filter((each) => each.endsWith(".bad"));
    expect(left).toHaveLength(isSetAside && !isTorn ? 1 : 0);
    expect(await readdir(dir)).toEqual(left);
    const damagedRows = isTorn ? 0 : 100 - kept.length;
    if (kind === "sealed") expect(spool.stats()).toMatchObject({ damagedRows });
    // in a growing one nothing says how many there were: every damaged piece counts
    else expect(spool.stats().damagedRows > 0).toBe(isSetAside && !isTorn);
    if (damagedRows > 0) expect(log.lines.join("\n")).toMatch(/damaged.*"file":"[^"]+\.bad".*"stored":\d+/);
    for (const each of left) {
      const set = await readFile(join(dir, each));
      expect(set.length).toBeLessThan(content.length / 4);
    }
  });
});

test("rows of a segment that is stored again after a crash keep its token, and the damaged ones their file", async () => {
  const dir = await temporaryDirectory();
  const { name, content } = segmentOf([1, 2, 3]);
  await writeFile(join(dir, name), flip(content, 8 * 60));
  const first = await openSpool(dir);
  first.store.isUp = false;
  await expect(first.spool.flush()).rejects.toThrow("the store is down");
  await first.spool.close(10);
  const second = await openSpool(dir);
  await second.spool.flush();
  expect([second.stored(), second.batches[0]?.token]).toEqual([[2, 3], TOKEN]);
  expect(new Set(first.tried.map(({ token, rows }) => `${token} ${rows}`))).toEqual(new Set([`${TOKEN} 2`]));
  expect(await readdir(dir)).toEqual([`${name}.bad`]);
});

test("a segment in which nothing can be read is set aside as a whole", async () => {
  const dir = await temporaryDirectory();
  const { name, content } = segmentOf([1, 2]);
  await writeFile(join(dir, name), Buffer.alloc(content.length));
  const { spool, stored } = await openSpool(dir);
  await spool.flush();
  expect([stored(), await readdir(dir)]).toEqual([[], [`${name}.bad`]]);
  expect(spool.stats()).toMatchObject({ damagedSegments: 1, damagedRows: 2, rows: 0 });
});

test("a copy under another name is not stored a second time", async () => {
  const dir = await temporaryDirectory();
  const { name, content } = segmentOf([1, 2]);
  for (const each of [name, `${name}.copy`, `copy of ${name}`]) await writeFile(join(dir, each), content);
  const { spool, stored } = await openSpool(dir);
  await spool.flush();
  expect(stored()).toEqual([1, 2]);
  expect((await readdir(dir)).sort()).toEqual([`${name}.copy`, `copy of ${name}`]);
});
