import { describe, expect, it } from "vitest";
import { type Cell, newCells } from "../../../store/fold/cell.ts";

const cell = (n: number, sum: number, bins: Cell["bins"] = {}, fields: Partial<Cell> = {}): Cell => ({
  slot: 60_000,
  cohort: "canary",
  segment: "",
  signal: "latency_ms",
  n,
  sum,
  bins,
  ...fields,
});

describe("newCells", () => {
  it.each([
    ["a cell nobody stored is new as it is", [cell(2, 5, { a: 2 })], [], [cell(2, 5, { a: 2 })]],
    ["what is stored is taken off", [cell(3, 9, { a: 2, b: 1 })], [cell(1, 4, { a: 1 })], [cell(2, 5, { a: 1, b: 1 })]],
    ["nothing new gives nothing", [cell(3, 9)], [cell(3, 9)], []],
    ["an empty cell gives nothing", [cell(0, 0)], [], []],
    ["a cell that shrank gives nothing, never a negative count", [cell(1, 2)], [cell(3, 9)], []],
    [
      "cells of another arm, minute, segment or signal are not taken off",
      [cell(2, 5)],
      [
        cell(1, 1, {}, { cohort: "baseline" }),
        cell(1, 1, {}, { slot: 0 }),
        cell(1, 1, {}, { segment: "a=b" }),
        cell(1, 1, {}, { signal: "error" }),
      ],
      [cell(2, 5)],
    ],
    [
      "a label is never mistaken for an inherited property",
      [cell(2, 0, { constructor: 2 })],
      [cell(1, 0, { x: 1 })],
      [cell(1, 0, { constructor: 2 })],
    ],
  ])("%s", (_name, visible, stored, expected) => {
    expect(newCells(visible, stored)).toEqual(expected);
  });
});
