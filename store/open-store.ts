import { inTurnByKey } from "../async/in-turn-by-key.ts";
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { drawBaselines } from "./baselines/draw-baselines.ts";
import { keepBaselines } from "./baselines/open-baselines.ts";
import { baselineStrata, baselinesAfter, newestBaselineHour } from "./baselines/read-baselines.ts";
import { insertContent } from "./content/insert-content.ts";
import { keepContent } from "./content/open-content.ts";
import { contentAfter, contentOfCalls, recentContentKeys } from "./content/read-content.ts";
import { costCells } from "./cost-cells.ts";
import { insertCostHour, newestCostHour } from "./costs/cost-hours.ts";
import { type Database, openDatabase } from "./database.ts";
import { engineProblem } from "./embedded/engine-health.ts";
import { type Embedded, startEmbedded } from "./embedded/start-embedded.ts";
import { foldPast } from "./fold/fold-past.ts";
import { foldTick } from "./fold/fold-tick.ts";
import { createLastingEffects } from "./fold/lasting-effects.ts";
import { lastTick, readTicks, tickBeyond } from "./fold/read-ticks.ts";
import { readHandoffs } from "./handoff-cells.ts";
import { insertIntake } from "./insert-intake.ts";
import { insertSpans } from "./insert-spans.ts";
import { appendLedger, claimLedger, ledgerSince, readLedger } from "./ledger-log.ts";
import { createMonitorStore } from "./monitors/create-monitor-store.ts";
import { insertOutcomes, recentOutcomeKeys } from "./outcomes/insert-outcomes.ts";
import { createOutcomeResolver } from "./outcomes/resolve-outcomes.ts";
import { withinPatience } from "./outcomes/within-patience.ts";
import { insertPairs, recentPairKeys } from "./pairs/insert-pairs.ts";
import { insertPairWords, pairWords } from "./pairs/pair-words.ts";
import { pairById, pairedCalls, readPairs } from "./pairs/read-pairs.ts";
import { shadowSpend } from "./pairs/shadow-spend.ts";
import type { Placement } from "./schema/placement.ts";
import { canaryCalls, senderCalls, windowCalls } from "./sender-reads.ts";
import { exampleSpans } from "./span-examples.ts";
import { freshness, recentCalls, recentSpanKeys } from "./span-reads.ts";
import type { Store } from "./store.ts";
import { takeSchemaSteps } from "./take-schema-steps.ts";

/** Where the store keeps its data. */
export interface StoreSettings {
  /** `embedded`, or the URL of a ClickHouse server's HTTP interface. */
  readonly url: "embedded" | string;
  /** Directory of the embedded engine; unused with a server. */
  readonly dir: string;
  readonly database: string;
  /** User and password of a server; the embedded engine makes its own. */
  readonly user: string;
  readonly password: string;
  /** Name of the cluster the tables are replicated on; null = one server or ClickHouse Cloud. */
  readonly cluster: string | null;
  /** Port of the embedded engine on 127.0.0.1; 0 = any free one. */
  readonly port: number;
  /** Names beside the loopback's under which the embedded engine may be addressed, such as host.docker.internal. */
  readonly hosts: readonly string[];
}

/** What the store needs from outside. */
export interface StoreParts {
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  /** Monotonic ms, which no change of the clock moves; default: `now`. */
  readonly elapsed?: () => number;
}

/** A tick waits this long for outcomes to be tied to their calls; those that are not yet count in a later one. */
const OUTCOME_PATIENCE_MS = 2000;

interface Login {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const placementOf = ({ url, database, cluster }: StoreSettings): Placement => ({
  database,
  cluster: url === "embedded" ? null : cluster,
});

const prepare = async (settings: StoreSettings, login: Login): Promise<void> => {
  const database = openDatabase({ ...login, database: null });
  try {
    await takeSchemaSteps(placementOf(settings), database);
  } finally {
    await database.close();
  }
};

const storeOf = (
  database: Database,
  placement: Placement,
  endpoint: Store["endpoint"],
  embedded: Embedded | null,
  { log, now }: StoreParts,
): Store => {
  // Ticks of one migration have to be folded in order, each seeing what the one before stored.
  const ordered = inTurnByKey();
  // Harm is judged on time, whatever the search for a call of last week takes.
  const resolveOutcomes = withinPatience(createOutcomeResolver(database), OUTCOME_PATIENCE_MS, {
    onFailure: (error) => log.warn(`store: outcomes are not tied to their calls yet: ${messageOf(error)}`),
  });
  const lasting = createLastingEffects(database);
  return {
    endpoint,
    insertSpans: (batch) => insertSpans(database, batch),
    recentSpanKeys: (sinceMs, limit) => recentSpanKeys(database, sinceMs, limit),
    recentCalls: (sinceMs, limit) => recentCalls(database, sinceMs, limit),
    insertOutcomes: (batch) => insertOutcomes(database, batch),
    recentOutcomeKeys: (sinceMs, limit) => recentOutcomeKeys(database, sinceMs, limit),
    insertPairs: (batch) => insertPairs(database, batch),
    recentPairKeys: (sinceMs, limit) => recentPairKeys(database, sinceMs, limit),
    readPairs: (request) => readPairs(database, request),
    pairById: (migration, id) => pairById(database, migration, id),
    pairedCalls: (migration, calls) => pairedCalls(database, migration, calls),
    keepContent: (keepMs) => keepContent(database, placement, keepMs),
    insertContent: (batch) => insertContent(database, placement, batch),
    recentContentKeys: (sinceMs, limit) => recentContentKeys(database, placement, sinceMs, limit),
    contentAfter: (request) => contentAfter(database, placement, request),
    contentOfCalls: (request) => contentOfCalls(database, placement, request),
    keepBaselines: (keepMs) => keepBaselines(database, placement, keepMs),
    drawBaselines: (draw) => drawBaselines(database, placement, draw),
    newestBaselineHour: (migration) => newestBaselineHour(database, placement, migration),
    baselinesAfter: (request) => baselinesAfter(database, placement, request),
    baselineStrata: (migration, sinceMs) => baselineStrata(database, placement, migration, sinceMs),
    shadowSpend: (migration, sinceMs) => shadowSpend(database, migration, sinceMs),
    insertPairWords: (rows) => insertPairWords(database, rows),
    pairWords: (request) => pairWords(database, request),
    insertCostHour: (hour) => insertCostHour(database, hour),
    newestCostHour: (migration) => newestCostHour(database, migration),
    insertIntake: (totals) => insertIntake(database, totals),
    foldTick: (request) => ordered(request.migration, () => foldTick(database, request, { resolveOutcomes, lasting })),
    foldPast: (request) => ordered(request.migration.name, () => foldPast(database, request)),
    readTicks: (migration, sinceMs, untilMs) => readTicks(database, migration, sinceMs, untilMs),
    tickBeyond: (migration, afterMs) => tickBeyond(database, migration, afterMs),
    lastTick: (migration) => lastTick(database, migration),
    appendLedger: (entries) => ordered("ledger", () => appendLedger(database, entries)),
    claimLedger: (claim, settledBy) => claimLedger(database, claim, settledBy),
    readLedger: (migration) => readLedger(database, migration),
    ledgerSince: (migration, since) => ledgerSince(database, migration, since),
    senderCalls: (request) => senderCalls(database, request),
    windowCalls: (request) => windowCalls(database, request),
    canaryCalls: (request) => canaryCalls(database, request),
    exampleSpans: (request) => exampleSpans(database, request),
    freshness: (migration) => freshness(database, migration, now()),
    costCells: (request) => costCells(database, request),
    handoffs: (request) => readHandoffs(database, request),
    monitors: createMonitorStore(database),
    query: (sql, params) => database.query(sql, params),
    clock: async () => {
      const [row] = await database.query<{ now: number }>("SELECT toUnixTimestamp64Milli(now64(3)) AS now");
      return row?.now ?? Number.NaN;
    },
    ping: () => database.ping(),
    engine: () => embedded?.health() ?? null,
    close: async () => {
      await database.close();
      await embedded?.close();
    },
  };
};

/**
 * Opens the store: starts the embedded engine when asked for, and brings the schema up to date. Throws LeewayError
 * `store-engine-missing`, `store-locked` or `listen-failed` (embedded only), `store-unavailable` when the database does
 * not answer, `store-query` when it refuses the schema.
 */
export const openStore = async (settings: StoreSettings, parts: StoreParts): Promise<Store> => {
  const { dir, port, hosts, database: name } = settings;
  const embedded =
    settings.url === "embedded" ? await startEmbedded({ dir, port, hosts, readable: [name] }, parts) : null;
  const { url, user, password } = embedded ?? settings;
  try {
    await prepare(settings, { url, user, password });
  } catch (error) {
    await embedded?.close();
    throw error;
  }
  const endpoint = { url, database: name, reader: embedded?.reader ?? null };
  const down = (): string => (embedded === null ? "" : engineProblem(embedded.health()));
  const database = openDatabase({ url, user, password, database: name }, down);
  return storeOf(database, placementOf(settings), endpoint, embedded, parts);
};
