import { newRecord } from "../../agent/case/case-records.ts";
import type { DecisionsBefore } from "../../status/report/make-report.ts";
import { readDocument } from "./document.ts";

type Said = Omit<Parameters<typeof newRecord>[0], "document" | "migration">;

const SAID: readonly (readonly [day: string, said: Said])[] = [
  [
    "2026-08-17T16:20:00Z",
    {
      ...{ decision: "defer", by: "ana@example.com", revisit: "2026-09-07", advice: "migrate" },
      reason: "half of the team is away until September",
    },
  ],
  [
    "2026-09-07T17:05:00Z",
    {
      ...{ decision: "migrate", by: "ana@example.com", revisit: null, advice: "migrate" },
      reason: "the baseline ends on 30 November, and six weeks are what the plan takes",
    },
  ],
];

/** What people put on record before it began, as `decisions.jsonl` would have it. */
export const decisionsMade = (): DecisionsBefore => {
  const { name: migration, hash: document } = readDocument().migration;
  const records = SAID.map(([day, said]) => newRecord({ ...said, migration, document }, Date.parse(day)));
  return { records: records.map((record) => ({ ...record, at: Date.parse(record.at) })), problem: "" };
};
