import type { Database } from "./database.ts";
import { momentText } from "./epoch-sql.ts";
import { INTAKE_TOTALS } from "./schema/intake.ts";

/** One total of what the apps said of their own sending; see store/schema/intake.ts. */
export interface IntakeTotal {
  readonly kind: "dropped" | "missing" | "evaluated";
  readonly service: string;
  /** The instance, or the flag. */
  readonly subject: string;
  /** The variant a flag served; empty otherwise. */
  readonly variant: string;
  readonly total: number;
}

/** The totals of one run of the agent at one moment, epoch ms. */
export interface IntakeTotals {
  readonly at: number;
  /** Names the run: a new one begins its counts anew. */
  readonly agent: string;
  readonly totals: readonly IntakeTotal[];
}

const COLUMNS = ["at", "agent", "kind", "service", "subject", "variant", "total"];

/** See Store.insertIntake. */
export const insertIntake = async (database: Database, { at, agent, totals }: IntakeTotals): Promise<void> => {
  if (totals.length === 0) return;
  const lines = totals.map(({ kind, service, subject, variant, total }) =>
    JSON.stringify([momentText(at), agent, kind, service, subject, variant, total], (_key, value) =>
      typeof value === "string" ? value.toWellFormed() : value,
    ),
  );
  await database.insert({
    table: INTAKE_TOTALS,
    columns: COLUMNS,
    lines: `${lines.join("\n")}\n`,
    rows: totals.length,
    token: `intake:${agent}:${at}`,
  });
};
