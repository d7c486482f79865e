import { sharedRun } from "../async/shared-run.ts";
import type { CellPrices, CellPricesOf } from "../core/cost-cell.ts";
import type { CostDifference } from "../core/cost-difference.ts";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { DAY_MS } from "../core/retention.ts";
import { costDifference } from "../detectors/cost/cost-difference.ts";
import { type MigrationState, NOT_STARTED } from "../lifecycle/state.ts";
import { applyEntry } from "../lifecycle/transitions.ts";
import type { CostView } from "../status/cost-view.ts";
import type { Store } from "../store/store.ts";
import { storeWithin } from "./bounded-store.ts";
import type { FindPrice } from "./prices/prices.ts";

/** Longest wait for the calls of a stage: a person asked, and nothing else waits. */
const PATIENCE_MS = 20_000;

/** A stage that lasts longer is explained by its newest calls. */
const MAX_RANGE_MS = 14 * DAY_MS;

const MILLION = 1_000_000;

/** List prices by the tables of this agent, in US dollars per token; tiers and lengths are in what was paid. */
export const cellPrices =
  (find: FindPrice): CellPricesOf =>
  ({ model, askedModel }): CellPrices | null => {
    const price = (find(model) ?? find(askedModel))?.price;
    if (price === undefined) return null;
    const { input, output, cached = input, cacheWrite = input } = price;
    return {
      input: input / MILLION,
      cached: cached / MILLION,
      written: cacheWrite / MILLION,
      output: output / MILLION,
    };
  };

/** Explains the cost of the calls that ended in [from, to), epoch ms. Rejects with LeewayError like the store. */
export type ExplainCost = (
  migration: Pick<Migration, "name" | "segments" | "segmentOptions">,
  range: { readonly from: number; readonly to: number },
) => Promise<CostDifference>;

/** Explains costs by the store's calls and the agent's prices. */
export const createExplainCost =
  (store: Pick<Store, "costCells">, find: FindPrice): ExplainCost =>
  async ({ name, segments, segmentOptions }, range) => {
    const options = segmentOptions === undefined ? {} : { segmentOptions };
    const cells = await storeWithin(PATIENCE_MS, store.costCells({ migration: name, segments, ...options, ...range }));
    return costDifference(cells, cellPrices(find));
  };

/** The stage's calls up to `now`; those of a stage that was rolled back, up to the rollback. */
const rangeOf = (
  { stageSince, rollback }: MigrationState,
  now: number,
): { readonly from: number; readonly to: number } => {
  const to = Math.max(stageSince, rollback === null ? now : Math.min(now, rollback.decidedAt));
  return { from: Math.max(stageSince, to - MAX_RANGE_MS), to };
};

/** Explains the cost of the stage a migration stands at. Never rejects; however many ask, the store is asked once at a time. */
export const costOfStage = (
  migration: Migration,
  {
    state,
    explain,
    now,
  }: { readonly state: () => MigrationState; readonly explain: ExplainCost; readonly now: () => number },
): (() => Promise<CostView>) =>
  sharedRun(async () => {
    const range = rangeOf(state(), now());
    const view = { schema: "leeway.cost/1", migration: migration.name, ...range } as const;
    return explain(migration, range).then(
      (difference) => ({ ...view, difference, problem: "" }),
      (error: unknown) => ({
        ...view,
        difference: null,
        problem: `the calls could not be read: ${messageOf(error)}; ask again`,
      }),
    );
  });

/** The same where only the ledger tells where the migration stands; null before its start. */
export const costByLedger = async (
  migration: Migration,
  entries: readonly LedgerEntry[],
  { explain, now }: { readonly explain: ExplainCost; readonly now: () => number },
): Promise<CostView | null> => {
  const state = entries.reduce((before, entry) => applyEntry(before, migration, entry), NOT_STARTED);
  return state.hash === null ? null : costOfStage(migration, { state: () => state, explain, now })();
};
