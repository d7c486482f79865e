import { findingText } from "../core/finding-text.ts";
import type { Judgement } from "../core/verdict.ts";
import { findingKey } from "../lifecycle/ledger-ids.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** Records the findings that stand for the first time since the start or the last re-arming, with their examples. */
export const recordFindings = async (
  history: Pick<MigrationHistory, "record" | "state">,
  judgement: Judgement | null,
): Promise<void> => {
  if (judgement?.shape === undefined) return;
  const { findings, attribution } = judgement.shape;
  const blamed = attribution.changed.length === 0 ? "" : `; what changed: ${attribution.text}`;
  for (const finding of findings) {
    const text = `${findingText(finding)}${blamed}`;
    const id = findingKey(history.state(), finding);
    await history.record({ type: "finding", finding, attribution, text }, { id });
  }
};
