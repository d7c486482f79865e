import { describe, expect, it } from "vitest";
import { checkPreflight } from "../../../agent/live/check-preflight.ts";
import type { FindLife } from "../../../agent/models/find-life.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const NOW = Date.parse("2027-01-14T12:00:00Z");
const ends =
  (retires: string | null): FindLife =>
  (model) => ({ retires, notBefore: null, announced: null, source: "vendor", seen: null, name: model, table: "t" });
const sentinel = (model: string) => ({ name: "old", sentinel: { model, cron: "*/15 * * * *" } }) as never;
const lines = (findLife: FindLife, monitors: readonly never[] = [], preflightSkips: readonly string[] = []) =>
  checkPreflight([aMigration({ name: "m", preflightSkips })], { findLife, settings: { monitors }, now: NOW }).map(
    ({ place, state, text }) => `${state} ${place}: ${text}`,
  );

describe("what of the pre-flight is known without the agent", () => {
  it.each([
    ["2027-01-14", /^wrong before m advances, baseline: the baseline gpt-old is retired since 2027-01-14 \(vendor\): /],
    ["2027-01-24", /^ok before m advances, baseline: the baseline gpt-old is retired in 10 days, on 2027-01-24/],
    [null, /^ok .*: no table says that the baseline gpt-old is retired$/],
  ])("when the baseline ends: %s", (retires, line) => {
    expect(lines(ends(retires))[0]).toMatch(line);
  });

  it("whether a sentinel asks the baseline", () => {
    expect(lines(ends(null), [sentinel("gpt-old")])[1]).toBe(
      "ok before m advances, sentinel: sentinel old asks it every 15 min",
    );
    expect(lines(ends(null), [sentinel("gpt-new")])[1]).toMatch(/^unused .*no sentinel asks the baseline gpt-old/);
  });

  it("names what the agent alone looks at, and nothing that the document skips", () => {
    expect(lines(ends(null)).at(-1)).toMatch(
      /^unused before m advances, spans, segments, signals, drill: the running agent/,
    );
    expect(lines(ends("2020-01-01"), [], ["baseline", "sentinel", "spans", "segments", "signals", "drill"])).toEqual(
      [],
    );
  });
});
