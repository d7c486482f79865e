import { expect, test } from "vitest";
import { createDuplicateFilter } from "../../collector/duplicate-filter.ts";

const key = (n: number) => n.toString(16).padStart(48, "0");
const keys = (...numbers: number[]) => numbers.map(key);
const SETTINGS = { maxKeys: 100, windowMs: 1000 };

test("a key is fresh once, also within one request", () => {
  const filter = createDuplicateFilter(SETTINGS, () => 0);
  const first = filter.claim(keys(1, 2, 1));
  expect([...first.fresh]).toEqual([0, 1]);
  first.settle(true);
  expect([...filter.claim(keys(2, 3)).fresh]).toEqual([1]);
});

test("a key whose request failed is fresh again", () => {
  const filter = createDuplicateFilter(SETTINGS, () => 0);
  filter.claim(keys(1)).settle(false);
  expect([...filter.claim(keys(1)).fresh]).toEqual([0]);
});

test.each([true, false])("a key another request is writing waits for that request (written: %s)", async (written) => {
  const filter = createDuplicateFilter(SETTINGS, () => 0);
  const first = filter.claim(keys(1));
  const second = filter.claim(keys(1, 2));
  expect([...second.fresh]).toEqual([1]);
  second.settle(true);
  const others = second.others();
  first.settle(written);
  expect(await others).toBe(written);
});

test("two requests with each other's keys do not wait for ever", async () => {
  const filter = createDuplicateFilter(SETTINGS, () => 0);
  const first = filter.claim(keys(1));
  const second = filter.claim(keys(2, 1));
  first.settle(true);
  second.settle(true);
  expect(await Promise.all([first.others(), second.others()])).toEqual([true, true]);
});

const see = (filter: ReturnType<typeof createDuplicateFilter>, n: number) => {
  const claim = filter.claim(keys(n));
  claim.settle(true);
  return claim.fresh.size === 0;
};

test("keeps a key for the whole window and forgets it within two", () => {
  let now = 0;
  const filter = createDuplicateFilter(SETTINGS, () => now);
  filter.remember(keys(1));
  now = 1000;
  filter.remember(keys(2));
  expect(see(filter, 1)).toBe(true);
  now = 2000;
  filter.remember(keys(3));
  expect([see(filter, 2), see(filter, 1)]).toEqual([true, false]);
});

test("never keeps more than its bound, and always the newest half", () => {
  const filter = createDuplicateFilter(SETTINGS, () => 0);
  for (let n = 0; n < 1000; n += 1) filter.remember(keys(n));
  const kept = Array.from({ length: 1000 }, (_, n) => filter.claim(keys(n)).fresh.size === 0);
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(100);
  expect(kept.slice(950).every(Boolean)).toBe(true);
});
