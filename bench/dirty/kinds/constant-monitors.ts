import { bucketOf } from "../../../core/histogram.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createMonitorEngine } from "../../../detectors/monitors/monitor-engine.ts";
import { aMonitor, DAY, HOUR, MINUTE, T0 } from "../../../test/detectors/monitors/monitor-world.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

type Nature = (random: () => number) => number;

const always =
  (value: number): Nature =>
  () =>
    value;

/** What a monitor of a mean, or a quantile, tells in five hours of 30 calls a minute after eight days of 300 an hour. */
const told = (quantile: number | null, before: Nature, after: Nature): string => {
  const signal = { id: "x", signal: "x", kind: "value", quantile, direction: "increase", unit: "USD" } as const;
  const engine = createMonitorEngine(aMonitor({ signals: [signal] }));
  const random = seededRandom(3);
  const counts: Record<string, number> = {};
  const step = (from: number, to: number, n: number, nature: Nature, isCounted: boolean): void => {
    const bins: Record<string, number> = {};
    const values = Array.from({ length: n }, () => nature(random));
    for (const value of values) bins[bucketOf(value)] = (bins[bucketOf(value)] ?? 0) + 1;
    const samples = [{ series: "", signal: "x", n, sum: values.reduce((a, b) => a + b, 0), bins }];
    const events = engine.step({ from, to, samples, designEffects: {} });
    if (isCounted) for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  };
  for (let hour = 0; hour < 8 * 24; hour++) step(T0 + hour * HOUR, T0 + (hour + 1) * HOUR, 300, before, false);
  for (let minute = 0; minute < 300; minute++) {
    const from = T0 + 8 * DAY + minute * MINUTE;
    step(from, from + MINUTE, 30, after, true);
  }
  const { drift = 0, recovered = 0 } = counts;
  return drift === 0 ? "silent" : `${drift} drift${drift === 1 ? "" : "s"}, ${recovered} back`;
};

const silent = (input: string, before: string, nature: Nature, quantile: number | null = null): DirtyCase => ({
  input: `${input}, unchanged`,
  right: "silent",
  before,
  measure: () => told(quantile, nature, nature),
  isRight: (said) => said === "silent",
});

const drifts = (
  input: string,
  before: string,
  natures: readonly [Nature, Nature],
  quantile: number | null = null,
): DirtyCase => ({
  input,
  right: "1 drift, 0 back",
  before,
  measure: () => told(quantile, ...natures),
  isRight: (said) => said === "1 drift, 0 back",
});

const usual: Nature = (random) => 0.004 * (0.5 + random());

/** Data without a spread, of few values, of zero, and with a tail. */
export const constantMonitors: DirtyKind = {
  kind: "monitors: constant values, zeros and tails",
  cases: [
    silent("one token", "150 drifts, 150 back", always(1)),
    silent("a fixed price", "150 drifts, 150 back", always(0.0042)),
    silent("zero", "silent", always(0)),
    silent("rarely forty tokens instead of one", "60 drifts, 60 back", (random) => (random() < 0.0005 ? 40 : 1)),
    drifts("free to paid", "silent", [always(0), always(0.01)]),
    drifts("one token to sixty", "150 drifts, 150 back", [always(1), always(60)]),
    drifts("0.5% of the calls 128 times as dear", "silent", [usual, (r) => (r() < 0.005 ? 0.5 : usual(r))]),
    drifts("p95 of a constant, 40 to 4000", "silent", [always(40), always(4000)], 0.95),
    {
      ...drifts(
        "p95 at 40 before and after, slow calls 3% to 4.9%",
        "silent",
        [(r) => (r() < 0.03 ? 2500 : 40), (r) => (r() < 0.049 ? 2500 : 40)],
        0.95,
      ),
      right: "silent",
      isRight: (said) => said === "silent",
    },
  ],
};
