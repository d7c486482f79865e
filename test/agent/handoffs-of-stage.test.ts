import { expect, it } from "vitest";
import { handoffsOfStage } from "../../agent/handoffs-of-stage.ts";
import { HANDOFF_SIGNALS, type HandoffCells, type HandoffReading } from "../../core/handoff.ts";
import type { CallRange } from "../../store/fold/call-range.ts";

const DAY = 86_400_000;
const NOTHING = { n: 0, sum: 0, squares: 0 };
const SUMS = Object.fromEntries(
  HANDOFF_SIGNALS.map((signal) => [signal, { moved: NOTHING, stayed: NOTHING }]),
) as unknown as HandoffCells["sums"];
const READING: HandoffReading = {
  ...{ calls: 9, named: 8, unmarked: 0 },
  arms: [{ arm: "baseline", conversations: 2, calls: 3, nameless: 1, first: 1, last: 2, sums: SUMS }],
};

const world = (answer: () => Promise<HandoffReading>, now = 20 * DAY) => {
  const asked: CallRange[] = [];
  const store = {
    handoffs: (request: CallRange) => {
      asked.push(request);
      return answer();
    },
  };
  return { asked, ask: handoffsOfStage("m", { state: () => ({ stageSince: DAY }), store, now: () => now }) };
};

it("measures the stage's newest calls, however many ask at once", async () => {
  const { asked, ask } = world(async () => READING);
  const [view, other] = await Promise.all([ask(), ask()]);
  expect(view).toBe(other);
  expect(asked).toEqual([{ migration: "m", from: 6 * DAY, to: 20 * DAY }]);
  expect(view).toMatchObject({ schema: "leeway.handoffs/1", problem: "", handoffs: { named: 8 } });
  expect(view.handoffs?.arms[0]).not.toHaveProperty("sums");
  expect(view.handoffs?.arms[0]?.effects).toHaveLength(HANDOFF_SIGNALS.length);
});

it("is not known where the store does not answer, which is no hand-off of nobody", async () => {
  const { ask } = world(() => Promise.reject(new Error("down")));
  expect(await ask()).toMatchObject({ handoffs: null, problem: "the calls could not be read: down; ask again" });
});

it("asks about no time that is not there yet", async () => {
  const { asked, ask } = world(async () => READING, 0);
  await ask();
  expect(asked).toEqual([{ migration: "m", from: DAY, to: DAY }]);
});
