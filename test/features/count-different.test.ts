import { expect, it } from "vitest";
import { seededRandom } from "../../core/seeded-random.ts";
import { countDifferent, MAX_COUNTED } from "../../features/count-different.ts";

const random = seededRandom(11);
const integers = (count: number, range: number): Int32Array =>
  Int32Array.from({ length: count }, () => Math.floor((random() - 0.5) * range));

it.each([
  [1, 1],
  [2, 2],
  [20, 5],
  [100, 2 ** 32],
  [1000, 300],
  [MAX_COUNTED, 2 ** 32],
  [MAX_COUNTED, 9],
])("counts the different ones of %d numbers in a range of %d as a Set does", (count, range) => {
  const numbers = integers(count, range);
  expect(countDifferent(numbers, count)).toBe(new Set(numbers).size);
});

it("counts zero, and the first numbers only", () => {
  expect(countDifferent(Int32Array.of(0, 0, 1, 5, 6), 3)).toBe(2);
});

it("remembers nothing of the last text", () => {
  countDifferent(integers(MAX_COUNTED, 2 ** 32), MAX_COUNTED);
  expect(countDifferent(Int32Array.of(3, 4, 3), 3)).toBe(2);
});
