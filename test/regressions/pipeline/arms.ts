import type { PriceCall } from "../../../agent/prices.ts";
import { builtInPrices } from "../../../agent/prices.ts";
import type { Migration } from "../../../core/migration.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { Regression } from "../inject/regression.ts";
import type { Call } from "../traffic/call.ts";
import { drawFrom } from "../traffic/draw.ts";
import { migrationDocument } from "./migration.ts";
import { rowOf } from "./row-of.ts";
import { INCUMBENT, type Served } from "./served.ts";

/** The calls of both arms, those of the canary with `inject` done to them. */
export const withRegression = (calls: readonly Call[], inject: Regression): readonly Call[] =>
  calls.map((call) => (call.arm === "canary" ? inject(call, drawFrom(call.seed)) : call));

const DEARER = 1.4;

/** Price of a call: every model costs what the incumbent does, but for the large one. */
const price: PriceCall = (call) => {
  const known = builtInPrices({ ...call, request_model: INCUMBENT.model, response_model: INCUMBENT.answeredBy });
  return known === null || !call.request_model.includes("large") ? known : known * DEARER;
};

/** One migration on given traffic. */
export interface Arms {
  readonly name: string;
  readonly calls: readonly Call[];
  readonly canary: Served;
  readonly originMs: number;
}

/** The rows of both arms, as the collector writes them, and the migration they belong to. */
export const rowsOf = ({
  name,
  calls,
  canary,
  originMs,
}: Arms): { readonly migration: Migration; readonly rows: readonly SpanRow[] } => {
  const migration = migrationDocument(name, INCUMBENT, canary);
  const rows: readonly SpanRow[] = calls.map((call, number) =>
    rowOf(call, { number, originMs, served: call.arm === "canary" ? canary : INCUMBENT }, { migration, price }),
  );
  return { migration, rows };
};
