import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import type { DecisionsBefore } from "../../status/report/make-report.ts";
import { RECORDS_FILE, readRecords } from "./case-records.ts";

/** What people decided about `migration` before it began, by the file in `folder`, that of leeway.yaml. Never throws. */
export const decisionsBefore = (folder: string, migration: string): DecisionsBefore => {
  try {
    const records = readRecords(join(folder, RECORDS_FILE), RECORDS_FILE).filter(
      (each) => each.migration === migration,
    );
    return {
      problem: "",
      records: records.map(({ at, document, decision, by, reason, revisit, advice }) => ({
        ...{ at: Date.parse(at), document, decision, by, reason, revisit, advice },
      })),
    };
  } catch (error) {
    return { records: [], problem: messageOf(error) };
  }
};
