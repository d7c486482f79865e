import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { USAGE_RULES } from "../../formats/dialects/read/usage-convention-of.ts";

const page = readFileSync(new URL("../../docs/intake.md", import.meta.url), "utf8");

const rows = page
  .slice(page.indexOf("## How tokens are counted"), page.indexOf("## One sender's trouble"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| sender") && !line.startsWith("| ---"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/intake.md has one line per sender whose way to count is known, and one for all others", () => {
  const known = USAGE_RULES.map(({ sender, convention: { cache, reasoning, total, beyond } }) => [
    sender,
    cache,
    reasoning,
    total,
    beyond,
  ]);
  const others = ["everybody else", "unsaid", "unsaid", "everything", "output"];
  expect(rows.map(([, ...cells]) => cells.slice(0, 5))).toEqual([...known, others]);
});
