import { type CollectorSettings, DEFAULT_COLLECTOR_SETTINGS } from "../collector/collector-settings.ts";
import { type Collector, createCollector } from "../collector/create-collector.ts";
import type { Migration } from "../core/migration.ts";
import type { Store } from "../store/store.ts";
import { elapsed, type TimedParts } from "./agent-parts.ts";
import { assignCall } from "./assign-call.ts";
import type { Config } from "./config/load-config.ts";
import type { Settings } from "./config/settings.ts";
import type { Precedence } from "./precedence.ts";
import type { ShadowDesk } from "./shadow/shadow-desk.ts";

/** What the section `collector` of leeway.yaml says to the collector. */
export const collectorSettingsOf = (
  { hold, ...told }: Settings["collector"],
  content: Settings["content"] = null,
): CollectorSettings => ({
  ...DEFAULT_COLLECTOR_SETTINGS,
  ...told,
  batch: { ...DEFAULT_COLLECTOR_SETTINGS.batch, maxDelayMs: hold },
  content: content === null ? null : { services: content.services, maxBytes: content.maxBytes },
});

/** The collector of leeway.yaml, which stores what it takes in `store`. */
export const startCollector = (
  config: Config,
  store: Store,
  {
    now,
    log,
    clock,
    migrations,
    maxConnections,
    clear,
    shadow,
  }: TimedParts & {
    /** The documents in force, by which calls are assigned. */
    readonly migrations: () => readonly Migration[];
    readonly maxConnections: number;
    readonly clear: Precedence["clear"];
    /** What an app is to shadow. */
    readonly shadow: ShadowDesk["plansFor"];
  },
): Promise<Collector> =>
  createCollector(
    { ...collectorSettingsOf(config.settings.collector, config.settings.content), maxConnections },
    {
      // a batch takes the store longer than a command should
      insert: async (batch) => {
        await clear();
        return store.insertSpans(batch);
      },
      assign: (call) => assignCall(migrations(), call),
      price: config.price,
      insertOutcomes: store.insertOutcomes,
      insertPairs: store.insertPairs,
      insertContent: config.settings.content === null ? null : store.insertContent,
      recentSpanKeys: store.recentSpanKeys,
      recentCalls: store.recentCalls,
      recentOutcomeKeys: store.recentOutcomeKeys,
      recentPairKeys: store.recentPairKeys,
      recentContentKeys: store.recentContentKeys,
      shadow,
      heard: clock.heard,
      now,
      elapsed,
      busy: () => performance.eventLoopUtilization().active,
      random: Math.random,
      clear,
      log,
    },
  );
