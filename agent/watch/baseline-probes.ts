import type { BaselineProbes } from "../../lifecycle/preflight.ts";
import type { ProbeCall } from "../../store/monitors/monitor-store.ts";
import type { Store } from "../../store/store.ts";
import { storeWithin } from "../bounded-store.ts";
import type { MonitorSettings } from "../config/monitor-schema.ts";
import { periodOf } from "../monitors/sentinel/sentinel-detector.ts";

/** What the sentinels heard last of a model; "none" = none asks it. Rejects where it cannot be read. */
export type ReadBaselineProbes = (model: string) => Promise<BaselineProbes | "none">;

const PATIENCE_MS = 5_000;
/** A run takes its time, and is known when it is stored. */
const SLACK_MS = 600_000;

const newestRun = (
  calls: readonly Pick<ProbeCall, "run" | "end_ms" | "error" | "error_type">[],
): BaselineProbes["newest"] => {
  const newest = Math.max(...calls.map(({ run }) => run));
  const own = calls.filter(({ run }) => run === newest);
  if (own.length === 0) return null;
  const failed = own.filter(({ error }) => error !== 0);
  return {
    at: Math.max(...own.map(({ end_ms }) => end_ms)),
    asked: own.length,
    answered: own.length - failed.length,
    error: failed.at(-1)?.error_type ?? "",
  };
};

/** Reads what the sentinels of leeway.yaml heard; of several that ask one model, the one that asked last. */
export const createBaselineProbes =
  (
    monitors: readonly Pick<MonitorSettings, "name" | "sentinel">[],
    {
      store,
      now,
    }: { readonly store: { readonly monitors: Pick<Store["monitors"], "probeCalls"> }; readonly now: () => number },
  ): ReadBaselineProbes =>
  async (model) => {
    const heard = monitors.map(async ({ name, sentinel }) => {
      if (sentinel?.model !== model) return [];
      const periodMs = periodOf(sentinel);
      const since = now() - 2 * periodMs - SLACK_MS;
      const calls = await storeWithin(PATIENCE_MS, store.monitors.probeCalls(name, since));
      return [{ monitor: name, periodMs, newest: newestRun(calls) }];
    });
    const all = (await Promise.all(heard)).flat();
    return all.toSorted((a, b) => (b.newest?.at ?? 0) - (a.newest?.at ?? 0))[0] ?? "none";
  };
