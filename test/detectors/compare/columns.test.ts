import { expect, test } from "vitest";
import { columnsOf } from "../../../detectors/compare/columns.ts";
import type { Observation } from "../../../detectors/compare/observation.ts";

test("a number that is another one in each of many answers is asked for its ranks and tails", () => {
  const observations = Array.from(
    { length: 200_000 },
    (_, i): Observation => ({
      ...{ arm: i % 2 === 0 ? "canary" : "baseline", stratum: "", pair: null, conversation: null },
      values: new Map([["latency_ms", i + 0.5]]),
    }),
  );
  const columns = columnsOf([{ name: "latency_ms", family: "latency", kind: "number" }], observations);
  expect(columns[0]?.event).toBeNull();
  expect(columns.slice(1).every(({ event }) => event !== null)).toBe(true);
  expect(columns.length).toBeGreaterThan(1);
});
