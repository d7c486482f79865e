import { randomUUID } from "node:crypto";
import { messageOf } from "../../../core/errors.ts";
import type { Log } from "../../../core/log.ts";
import type { MonitorEvent, WatchReading } from "../../../core/monitor.ts";
import { encodeSpanRow, type SpanRow } from "../../../core/span-row.ts";
import type { Store } from "../../../store/store.ts";
import type { MonitorSettings, SentinelSettings } from "../../config/monitor-schema.ts";
import type { PriceCall } from "../../prices/prices.ts";
import { askProbe } from "./ask-probe.ts";
import { probeRow } from "./probe-row.ts";
import type { Probe } from "./read-probes.ts";
import { highestCost, overBudget, type Spent, spentOf, startOfDay } from "./sentinel-budget.ts";
import { createSentinelDetector, sentinelMonitor } from "./sentinel-detector.ts";

/** What a sentinel works with. */
export interface SentinelParts {
  readonly store: Pick<Store, "insertSpans" | "monitors">;
  readonly price: PriceCall;
  readonly now: () => number;
  /** The agent is ending: nothing more is asked, and a call under way is broken off. */
  readonly ending: AbortSignal;
  readonly tell: (events: readonly MonitorEvent[]) => Promise<void>;
  readonly log: Pick<Log, "warn">;
}

/** What a sentinel did last. Times are epoch ms. */
export interface SentinelStanding {
  readonly model: string;
  readonly probes: number;
  readonly lastRun: number | null;
  /** Calls of the last run, and how many of them failed. */
  readonly asked: number;
  readonly failed: number;
  /** Since the start of the day, UTC; null before the first run. */
  readonly spent: Spent | null;
  readonly budget: SentinelSettings["budget"];
  /** What went wrong, or why it stopped asking; empty when all is well. */
  readonly problem: string;
}

/** Asks a monitor's probes when its time comes, and compares the answers. */
export interface Sentinel {
  readonly cron: string;
  /** One run: asks until the budget is spent, stores, compares, tells. Never rejects; runs must not overlap. */
  readonly run: () => Promise<void>;
  readonly standing: () => SentinelStanding;
  readonly readings: () => readonly WatchReading[];
}

const MINUTE_MS = 60_000;

/** Asks one probe after the other, as long as the budget lasts. */
const askAll = async (
  { name, sentinel }: { readonly name: string; readonly sentinel: SentinelSettings },
  probes: readonly Probe[],
  spentBefore: Spent,
  run: number,
  { price, now, ending }: SentinelParts,
): Promise<{ readonly rows: readonly SpanRow[]; readonly spent: Spent; readonly problem: string }> => {
  const rows: SpanRow[] = [];
  let spent = spentBefore;
  for (const probe of probes) {
    const cost = highestCost(sentinel, probe, price);
    const problem = overBudget(sentinel.budget, spent, cost);
    if (problem !== "") return { rows, spent, problem };
    const reply = await askProbe(sentinel, probe, { now, ending });
    // A call that was broken off because the agent ends says nothing about the model.
    if (ending.aborted) return { rows, spent, problem: "" };
    const row = probeRow({ monitor: name, model: sentinel.model, run }, probe, reply, price);
    rows.push(row);
    spent = { calls: spent.calls + 1, usd: spent.usd + (row.cost_usd ?? cost ?? 0) };
  }
  return { rows, spent, problem: "" };
};

/** The sentinel that `settings` declare. Nothing happens before its first run. */
export const createSentinel = (
  settings: MonitorSettings,
  sentinel: SentinelSettings,
  probes: readonly Probe[],
  parts: SentinelParts,
): Sentinel => {
  const monitor = sentinelMonitor(settings, sentinel);
  const { store, now } = parts;
  const detector = createSentinelDetector(monitor, { store: store.monitors, log: parts.log });
  let standing: SentinelStanding = {
    model: sentinel.model,
    probes: probes.length,
    lastRun: null,
    asked: 0,
    failed: 0,
    spent: null,
    budget: sentinel.budget,
    problem: "",
  };

  const spentToday = async (): Promise<Spent> => {
    const calls = await store.monitors.probeCalls(monitor.name, startOfDay(now()));
    const costs = probes.map((probe) => highestCost(sentinel, probe, parts.price) ?? 0);
    return spentOf(calls, Math.max(0, ...costs));
  };

  /** Calls that were made and that the store did not take: nothing more is asked before it has them. */
  let unsaved: { readonly run: number; readonly rows: readonly SpanRow[] } | null = null;

  const save = async (): Promise<void> => {
    if (unsaved === null) return;
    const { run, rows } = unsaved;
    const lines = rows.map(encodeSpanRow).join("");
    await store.insertSpans({ token: `sentinel:${monitor.name}:${run}`, lines, rows: rows.length });
    unsaved = null;
  };

  /** A run is one agent's, the first to say so: a second one, or a restart within the minute, must not pay twice. */
  const claim = async (run: number): Promise<boolean> => {
    const [id, own] = [{ name: monitor.name, hash: `claim:${run}` }, JSON.stringify(randomUUID())];
    await store.monitors.writeState(id, run, own);
    return (await store.monitors.readState(id))?.state === own;
  };

  const ask = async (): Promise<string> => {
    const run = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
    if (!(await claim(run))) return "";
    const { rows, spent, problem } = await askAll(
      { name: monitor.name, sentinel },
      probes,
      await spentToday(),
      run,
      parts,
    );
    const failed = rows.filter(({ error }) => error === 1).length;
    standing = { ...standing, lastRun: run, asked: rows.length, failed, spent };
    if (rows.length > 0) unsaved = { run, rows };
    await save();
    return problem;
  };

  return {
    cron: sentinel.cron,
    standing: () => standing,
    readings: () => detector.engine()?.readings() ?? [],
    run: async () => {
      let problem = "";
      try {
        await save();
        problem = await ask();
        await detector.catchUp(now(), parts.tell);
      } catch (error) {
        problem = messageOf(error);
      }
      standing = { ...standing, problem };
    },
  };
};
