import { expect, it } from "vitest";
import { DIALECTS } from "../../../formats/dialects/dialects.ts";
import { KINDS } from "../../../formats/dialects/kinds.ts";

it("tells calls by the kinds of all dialects, in their order", () => {
  expect(KINDS).toEqual(DIALECTS.flatMap(({ kind }) => kind ?? []));
});

it("has every dialect once", () => {
  const names = DIALECTS.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});
