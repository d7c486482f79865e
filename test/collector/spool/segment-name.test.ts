import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { openName, parseOpenName, parseSealedName, sealedName } from "../../../collector/spool/segment-name.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openSpool } from "./open-spool.ts";

const RUN = "0123456789abcdef";

test.each([
  ["whole", 1_790_000_000_000],
  ["with a fraction", 1_795_951_300_865.25],
  ["at the beginning of time", 0],
  ["before it", -5.5],
  ["a small fraction", 1e-7],
  ["far in the future", 253_402_300_799_999.9],
])("every name that is written is read again, whatever the clock says: %s", (_what, firstMs) => {
  const id = { number: 7, run: RUN, firstMs };
  const read = { number: 7, run: RUN, firstMs: Math.max(0, Math.floor(firstMs)) };
  expect(parseOpenName(openName(id))).toEqual({ ...read, isChecked: true });
  expect(parseSealedName(sealedName(id, 3, 900, "0a1b2c3d"))).toMatchObject({ ...read, rows: 3, bytes: 900 });
});

test("names that a clock's fractions got into are read", () => {
  expect(parseOpenName(`0000000017-${RUN}-1795951300865.00017.open`)).toMatchObject({ number: 17, isChecked: false });
  expect(parseSealedName(`0000000020-${RUN}-1795951314723.0017-248-292121-750fd1aa.rows`)).toMatchObject({
    number: 20,
    rows: 248,
  });
});

test("rows of a run whose clock counts fractions are stored by the next one", async () => {
  const dir = await temporaryDirectory();
  const first = await openSpool(dir, { maxRows: 2 }, () => 1_795_951_300_865.25);
  first.store.isUp = false;
  for (const n of [1, 2, 3]) await first.append(n);
  expect(await readdir(dir)).toHaveLength(2);
  const second = await openSpool(dir);
  await second.spool.flush();
  expect(second.stored()).toEqual([1, 2, 3]);
  expect(second.log.lines.join("\n")).not.toContain("left alone");
  first.store.isUp = true;
});
