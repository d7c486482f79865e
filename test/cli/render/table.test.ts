import { describe, expect, it } from "vitest";
import { renderTable } from "../../../cli/render/table.ts";

describe("a table", () => {
  it("is as wide as its widest cells, with figures to the right", () => {
    const rows = [
      ["error", "5%", "12"],
      ["latency_ms", "–", "3"],
    ];
    expect(renderTable(["rule", "limit", "n"], rows)).toEqual([
      "rule        limit   n",
      "error          5%  12",
      "latency_ms      –   3",
    ]);
  });

  it("is its header alone without rows", () => expect(renderTable(["a", "b"], [])).toEqual(["a  b"]));
});
