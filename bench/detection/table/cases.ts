import type { Case } from "./case.ts";
import { errorCases } from "./cases/errors.ts";
import { gateCases } from "./cases/gates.ts";
import { latencyCases } from "./cases/latencies.ts";
import { shapeCases } from "./cases/output-shape.ts";
import { refusalCases } from "./cases/refusals.ts";
import { ticketCases } from "./cases/tickets.ts";
import { tokenCases } from "./cases/tokens.ts";

/** Every row of the table, in its order. */
export const CASES: readonly Case[] = [
  ...errorCases,
  ...refusalCases,
  ...ticketCases,
  ...tokenCases,
  ...latencyCases,
  ...shapeCases,
  ...gateCases,
];
