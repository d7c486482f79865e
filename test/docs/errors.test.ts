import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const codesInSource = (): string[] => {
  const union = /export type ErrorCode =([^;]+);/.exec(read("core/errors.ts"))?.[1] ?? "";
  return [...union.matchAll(/"([^"]+)"/g)].map(([, code]) => code ?? "");
};

const rowsInPage = (): string[][] =>
  read("docs/errors.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));

describe("docs/errors.md", () => {
  it("has one line per error code, in the order of the source, and no other", () => {
    expect(codesInSource().length).toBeGreaterThan(10);
    expect(rowsInPage().map(([, code]) => code)).toEqual(codesInSource().map((code) => `\`${code}\``));
  });

  it("says for each what it means and what to do", () => {
    for (const [, code, means, todo] of rowsInPage())
      expect([code, (means ?? "").length > 20, (todo ?? "").length > 20]).toEqual([code, true, true]);
  });
});
