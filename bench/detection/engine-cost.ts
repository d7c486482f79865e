import type { Sample, Tick } from "../../core/sample.ts";
import { createEngine } from "../../detectors/engine.ts";
import { MINUTE_MS } from "./one-rule.ts";
import { createConversationPool } from "./whole/conversation-pool.ts";
import { createConversations } from "./whole/draw-conversation.ts";
import { typesUpToAt } from "./whole/healthy-app.ts";
import { joinedRandom } from "./whole/joined-random.ts";
import { createLikenessWindow } from "./whole/likeness-window.ts";
import { rampMigration } from "./whole/ramp-migration.ts";
import { createTickCells } from "./whole/tick-cells.ts";

const SEGMENTS = 12;
const TICKS = 300;
const WARM_UP = 50;
const CONVERSATIONS_PER_TICK = 300;

/** What judging costs: 12 rules in all calls and 12 segments, about 1200 calls a tick. */
export interface EngineCost {
  /** CPU time of the judge in a tick, ms. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** What the engine's state holds, MB. Null where the process cannot collect garbage at will. */
  readonly stateMb: number | null;
}

/** The samples of all calls, and those of the simulated segments dealt out to twelve names. */
const inTwelveSegments = (samples: readonly Sample[]): readonly Sample[] => {
  const segments = [...new Set(samples.map(({ segment }) => segment))].filter((segment) => segment !== "");
  const dealt = Array.from({ length: SEGMENTS }, (_, i) =>
    samples
      .filter(({ segment }) => segment === segments[i % segments.length])
      .map((sample) => ({ ...sample, segment: `input_type=${i}` })),
  );
  return [...samples.filter(({ segment }) => segment === ""), ...dealt.flat()];
};

const heapMb = (): number | null => {
  if (globalThis.gc === undefined) return null;
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
};

/** Measures it on seeded ticks. */
export const measureEngineCost = (): EngineCost => {
  const random = joinedRandom(1);
  const pool = createConversationPool();
  const [draw, cells, likeness] = [createConversations(random, pool), createTickCells(), createLikenessWindow(pool)];
  const ticks = Array.from({ length: TICKS }, (_, minute): Tick => {
    cells.clear();
    likeness.begin(minute);
    const typesUpTo = typesUpToAt(minute);
    const setting = {
      minute,
      minutes: 1,
      share: 0.05,
      weatherAt: () => "calm" as const,
      typesUpTo,
      likeness,
      canaryFailures: 0,
    };
    for (let i = 0; i < CONVERSATIONS_PER_TICK; i++) draw({ ...setting, at: (_, count) => count(cells) });
    const [from, to] = [minute * MINUTE_MS, (minute + 1) * MINUTE_MS];
    const samples = inTwelveSegments(cells.samples());
    return { migration: "simulated", from, to, stage: 0, share: 0.05, calls: [], samples };
  });
  const before = heapMb();
  const engine = createEngine(rampMigration());
  const times = ticks
    .map((tick) => {
      const start = process.cpuUsage();
      engine.step(tick, "outcome");
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    })
    .slice(WARM_UP)
    .toSorted((a, b) => a - b);
  const after = heapMb();
  return {
    medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    p95Ms: times[Math.floor(0.95 * times.length)] ?? Number.NaN,
    stateMb: before === null || after === null || engine.lastTick() === null ? null : after - before,
  };
};
