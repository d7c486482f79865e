import { describe, expect, it } from "vitest";
import { createSenderClocks, type PlacedTimes } from "../../collector/sender-clocks.ts";

const T0 = Date.UTC(2026, 10, 2, 3);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const call = (received_ms: number, end_ms: number, instance = "pod-1") => ({
  service: "api",
  instance,
  start_ms: end_ms - 800,
  end_ms,
  received_ms,
});

/** Hands over, every five seconds for a while, a batch of calls whose sender's clock is off by `skewMs`; the last ones. */
const batches = (
  clocks: ReturnType<typeof createSenderClocks>,
  skewMs: number,
  ms = 2 * MINUTE,
): readonly (PlacedTimes & { readonly trueEnd: number; readonly received: number })[] => {
  let last: ReturnType<typeof batches> = [];
  for (let received = T0; received <= T0 + ms; received += 5 * SECOND) {
    last = [4, 3, 2, 1, 0.1].map((age) => {
      const trueEnd = received - age * SECOND;
      return { ...clocks.place(call(received, trueEnd + skewMs)), trueEnd, received };
    });
  }
  return last;
};

describe("the clock of a sender", () => {
  it.each([
    ["right", 0],
    ["less than a second ahead", 900],
    ["seconds behind", -4 * SECOND],
    ["four minutes behind", -4 * MINUTE],
  ])("that is %s leaves its calls where it says they were", (_name, skewMs) => {
    const clocks = createSenderClocks(10);
    for (const { end_ms, start_ms, clock_skew_ms, trueEnd } of batches(clocks, skewMs)) {
      expect({ end_ms, start_ms, clock_skew_ms }).toEqual({
        end_ms: trueEnd + skewMs,
        start_ms: trueEnd + skewMs - 800,
        clock_skew_ms: 0,
      });
    }
    expect(clocks.list(0).map(({ calls }) => calls)).toEqual(skewMs <= -5 * SECOND ? [0] : []);
  });

  it.each([-6 * SECOND, -30 * SECOND, -4 * MINUTE])(
    "that is behind by %i ms, or a delay of as much, is told of",
    (skewMs) => {
      const clocks = createSenderClocks(10);
      batches(clocks, skewMs);
      const [sender] = clocks.list(T0);
      expect(sender).toMatchObject({ service: "api", instance: "pod-1", calls: 0 });
      expect(Math.abs((sender?.skewMs ?? 0) - skewMs)).toBeLessThanOrEqual(SECOND);
      expect(clocks.list(T0 + 3 * MINUTE)).toEqual([]);
    },
  );

  it("that is behind is seen of a sender with a call every half minute as well", () => {
    const clocks = createSenderClocks(10);
    const skews = Array.from({ length: 6 }, (_, i) => {
      const received = T0 + i * 30 * SECOND;
      return clocks.place(call(received, received - 12 * MINUTE)).clock_skew_ms;
    });
    expect(skews).toEqual([0, 0, 0, ...Array.from({ length: 3 }, () => -12 * MINUTE)]);
  });

  it.each([
    ["15 seconds ahead", 15 * SECOND],
    ["ten minutes ahead", 10 * MINUTE],
    ["a day ahead", DAY + 3_000],
    ["years ahead", 5 * 365 * DAY],
    ["ten minutes behind", -10 * MINUTE],
    ["a day behind", -DAY],
    ["a month behind", -30 * DAY],
  ])("that is %s has its calls moved to where they belong, give or take seconds", (_name, skewMs) => {
    const clocks = createSenderClocks(10);
    for (const placed of batches(clocks, skewMs)) {
      expect(Math.abs(placed.end_ms - placed.trueEnd)).toBeLessThanOrEqual(5 * SECOND);
      expect(placed.end_ms).toBeLessThanOrEqual(placed.received + SECOND);
      expect(placed.end_ms - placed.start_ms).toBe(800);
      expect(placed.end_ms + placed.clock_skew_ms).toBe(placed.trueEnd + skewMs);
    }
    const [sender] = clocks.list(T0);
    expect(sender).toMatchObject({ service: "api", instance: "pod-1" });
    expect(Math.abs((sender?.skewMs ?? 0) - skewMs)).toBeLessThanOrEqual(5 * SECOND);
  });

  it("is placed at once when it is ahead, and after a minute when it is behind", () => {
    const [ahead, behind] = [createSenderClocks(10), createSenderClocks(10)];
    expect(batches(ahead, 10 * MINUTE, 0).every(({ clock_skew_ms }) => clock_skew_ms > 0)).toBe(true);
    expect(batches(behind, -20 * MINUTE, 40 * SECOND).every(({ clock_skew_ms }) => clock_skew_ms === 0)).toBe(true);
    expect(batches(behind, -20 * MINUTE, 2 * MINUTE).every(({ clock_skew_ms }) => clock_skew_ms < 0)).toBe(true);
  });

  it("is not taken for wrong when a backlog is worked off", () => {
    const clocks = createSenderClocks(10);
    // An hour of calls, handed over in two minutes: each second brings half a minute of them.
    for (let i = 0; i <= 120; i++) {
      const placed = clocks.place(call(T0 + i * SECOND, T0 - 60 * MINUTE + i * 30 * SECOND));
      expect(placed.clock_skew_ms).toBe(0);
    }
  });

  it("is not taken for wrong because of single old calls among new ones", () => {
    const clocks = createSenderClocks(10);
    for (let i = 0; i <= 300; i++) {
      const received = T0 + i * SECOND;
      expect(clocks.place(call(received, received - 500)).clock_skew_ms).toBe(0);
      expect(clocks.place(call(received, received - 20 * MINUTE)).clock_skew_ms).toBe(0);
    }
  });

  it("is told apart from that of another instance, and forgotten when too many others came", () => {
    const clocks = createSenderClocks(2);
    clocks.place(call(T0, T0 + MINUTE, "a"));
    clocks.place(call(T0, T0, "b"));
    expect(clocks.list(0).map(({ instance }) => instance)).toEqual(["a"]);
    clocks.place(call(T0, T0, "c"));
    expect(clocks.list(0)).toEqual([]);
  });

  it("is told about as long as its newest moved call is news", () => {
    const clocks = createSenderClocks(2);
    clocks.place(call(T0, T0 + MINUTE));
    clocks.place(call(T0 + 1, T0 + MINUTE + 1));
    expect(clocks.list(T0 + 1)).toEqual([
      { service: "api", instance: "pod-1", skewMs: MINUTE, calls: 2, lastMs: T0 + 1 },
    ]);
    expect(clocks.list(T0 + 2)).toEqual([]);
  });

  it("that falls right again is believed again", () => {
    const clocks = createSenderClocks(2);
    for (let i = 0; i < 20; i++) clocks.place(call(T0 + i * 5_000, T0 + i * 5_000 - 20 * MINUTE));
    const received = T0 + 120_000;
    expect(clocks.place(call(received, received - 300))).toMatchObject({ end_ms: received - 300, clock_skew_ms: 0 });
  });
});
