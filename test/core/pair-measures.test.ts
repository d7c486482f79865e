import { describe, expect, it } from "vitest";
import {
  judgeWordOf,
  PAIR_CHANGES,
  PAIR_NUMBERS,
  PAIR_VALUES,
  pairChangeOf,
  pairValueKindOf,
  pairWeightOf,
  ruleWordOf,
} from "../../core/pair-measures.ts";

const names = Object.keys(PAIR_CHANGES) as (keyof typeof PAIR_CHANGES)[];

describe("the catalogue of pairs", () => {
  it.each(names)("%s has a mirror image that mirrors back", (name) => {
    const mirror = pairChangeOf(PAIR_CHANGES[name].mirror);
    expect(mirror).not.toBeNull();
    expect(mirror && PAIR_CHANGES[mirror].mirror).toBe(name);
  });

  it.each(names.filter((name) => PAIR_CHANGES[name].weight === "for"))(
    "%s, a fact for, mirrors one against",
    (name) => {
      expect(pairWeightOf(PAIR_CHANGES[name].mirror)).toBe("against");
    },
  );

  it("reads the name before the colon, and takes an unknown one for a plain difference", () => {
    expect(pairChangeOf("tool-lost:a:b")).toBe("tool-lost");
    expect(pairWeightOf("tool-lost:search")).toBe("against");
    expect(pairChangeOf("toString:1")).toBeNull();
    expect(pairWeightOf("of-a-later-version")).toBe("plain");
    expect(pairValueKindOf("tool:search")).toBe("tool");
    expect(pairValueKindOf("constructor:x")).toBeNull();
    expect(pairValueKindOf("tool")).toBeNull();
  });

  it("reads known words only", () => {
    expect([ruleWordOf("worse"), ruleWordOf("Worse"), ruleWordOf(undefined)]).toEqual(["worse", null, null]);
    expect([judgeWordOf("inconsistent"), judgeWordOf("valueOf")]).toEqual(["inconsistent", null]);
  });

  it("says of everything what it is", () => {
    for (const { about } of [...Object.values(PAIR_NUMBERS), ...Object.values(PAIR_CHANGES)])
      expect(about).not.toBe("");
    for (const about of Object.values(PAIR_VALUES)) expect(about).not.toBe("");
  });
});
