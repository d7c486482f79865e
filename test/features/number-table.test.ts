import { expect, it } from "vitest";
import { createNumberTable, lookUp } from "../../features/number-table.ts";

const entries = new Map(
  Array.from({ length: 200 }, (_, at) => [Math.imul(at + 1, 0x01000193), (at % 255) + 1] as const),
);
const table = createNumberTable(entries);

it("finds what stands at every key", () => {
  for (const [key, value] of entries) expect(lookUp(table, key)).toBe(value);
});

it.each([0, -1, 7, 2 ** 31 - 1])("has nothing at %d", (key) => expect(lookUp(table, key)).toBe(0));

it("finds nothing in an empty table", () => expect(lookUp(createNumberTable(new Map()), 1)).toBe(0));
