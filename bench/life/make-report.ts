import { costByLedger, createExplainCost } from "../../agent/cost-of-stage.ts";
import { handoffsByLedger } from "../../agent/handoffs-of-stage.ts";
import { traceEvidence } from "../../agent/report/trace-evidence.ts";
import { makeReport } from "../../status/report/make-report.ts";
import type { Report } from "../../status/report/report.ts";
import { decisionsMade } from "./decisions.ts";
import { findMadeUp } from "./prices.ts";
import { FINE_MS, type LifeWorld, SETTLE_MS } from "./world.ts";

/** The report of a life, as `leeway report` makes it beside the agent. */
export const reportOf = async (world: LifeWorld): Promise<Report> => {
  const { migration: document } = world.runner();
  const reader = await world.openReader();
  try {
    const entries = await reader.readLedger(document.name);
    const traced = await traceEvidence(reader, document, entries, { tickMs: FINE_MS, settleMs: SETTLE_MS });
    const explain = createExplainCost(reader, findMadeUp);
    const cost = await costByLedger(document, entries, { explain, now: world.now });
    const handoffs = await handoffsByLedger(document, entries, { store: reader, now: world.now });
    const parts = { traced, cost, handoffs, decisions: decisionsMade() };
    return makeReport({ name: document.name, document, entries, ...parts, at: world.now() });
  } finally {
    await reader.close();
  }
};
