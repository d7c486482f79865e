// @module-tag soak
import { describe, expect, it } from "vitest";
import { lossRows, runLossRow } from "./loss-rows.ts";

/** Where spans are refused or not kept by the collector itself; everywhere else every call arrives in the end. */
const LOST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "the collector answers 400": { refused: 100 },
  "the collector keeps 100 of 500 less (`partialSuccess`)": { rejected: 100 },
};

const EXITS = { naturally: 0, exit: 3, throw: 1, SIGTERM: "SIGTERM" };

describe("made = received + reported", () => {
  it.each(lossRows(0.1))("$name", async (row) => {
    const { made, receivedNextStart, reported, endMs, exit, lines } = await runLossRow(row);
    const lost = Object.values(reported).reduce((sum, count) => sum + count, 0);
    expect(reported).toEqual(LOST[row.name] ?? {});
    expect(receivedNextStart + lost).toBe(made);
    expect(exit).toBe(EXITS[row.end]);
    // The flush at the end has two seconds, and what is left is written at once. A burst first has to be recorded.
    if (row.rate > 0 || row.calls <= 500) expect(endMs).toBeLessThan(4000);
    expect(lines.length).toBeLessThanOrEqual(1);
  });
});
