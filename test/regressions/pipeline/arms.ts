import { builtInPrices, type PriceCall } from "../../../agent/prices/prices.ts";
import type { Migration } from "../../../core/migration.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { Regression } from "../inject/regression.ts";
import type { Call } from "../traffic/call.ts";
import { drawFrom } from "../traffic/draw.ts";
import { migrationDocument } from "./migration.ts";
import { rowOf } from "./row-of.ts";
import { INCUMBENT, type Served } from "./served.ts";

/** The calls of both arms, those of the canary with `inject` done to them; calls it leaves alone stay the same objects. */
export const withRegression = (calls: readonly Call[], inject: Regression): readonly Call[] =>
  calls.map((call) => (call.arm === "canary" ? inject(call, drawFrom(call.seed)) : call));

const DEARER = 1.4;

/** Price of a call: every model costs what the incumbent does, but for the large one. */
const price: PriceCall = (call) => {
  const known = builtInPrices.price({ ...call, request_model: INCUMBENT.model, response_model: INCUMBENT.answeredBy });
  return known === null || !call.request_model.includes("large") ? known : known * DEARER;
};

/** One migration on given traffic. */
export interface Arms {
  readonly name: string;
  readonly calls: readonly Call[];
  readonly canary: Served;
}

/** Makes the rows of both arms, as the collector writes them, and the migration they belong to. */
export type RowsOf = (arms: Arms) => { readonly migration: Migration; readonly rows: readonly SpanRow[] };

/**
 * For traffic that begins at `originMs`, epoch. Most calls are the same in every case, so that the row of a call is made
 * once for whoever answers it.
 */
export const createRowsOf = (originMs: number): RowsOf => {
  const made = new WeakMap<Call, Map<Served, SpanRow>>();
  return ({ name, calls, canary }) => {
    const migration = migrationDocument(name, INCUMBENT, canary);
    const makeRow = (call: Call, number: number): SpanRow => {
      const served = call.arm === "canary" ? canary : INCUMBENT;
      const known = made.get(call) ?? new Map<Served, SpanRow>();
      made.set(call, known);
      const row = known.get(served) ?? rowOf(call, { number, served, originMs }, { migration, price });
      known.set(served, row);
      return { ...row, migration: name };
    };
    return { migration, rows: calls.map(makeRow) };
  };
};
