import { DEFAULT_COLLECTOR_SETTINGS } from "../collector/collector-settings.ts";
import { type Collector, createCollector } from "../collector/create-collector.ts";
import type { Store } from "../store/store.ts";
import { elapsed, type TimedParts } from "./agent-parts.ts";
import { assignCall } from "./assign-call.ts";
import type { Config } from "./config/load-config.ts";
import type { Precedence } from "./precedence.ts";

/** The collector of leeway.yaml, which stores what it takes in `store`. */
export const startCollector = (
  config: Config,
  store: Store,
  {
    now,
    log,
    clock,
    maxConnections,
    clear,
  }: TimedParts & { readonly maxConnections: number; readonly clear: Precedence["clear"] },
): Promise<Collector> =>
  createCollector(
    { ...DEFAULT_COLLECTOR_SETTINGS, ...config.settings.collector, maxConnections },
    {
      // a batch takes the store longer than a command should
      insert: async (batch) => {
        await clear();
        return store.insertSpans(batch);
      },
      assign: (call) => assignCall(config.migrations, call),
      price: config.price,
      insertOutcomes: store.insertOutcomes,
      recentSpanKeys: store.recentSpanKeys,
      recentOutcomeKeys: store.recentOutcomeKeys,
      heard: clock.heard,
      now,
      elapsed,
      busy: () => performance.eventLoopUtilization().active,
      random: Math.random,
      clear,
      log,
    },
  );
