import type { Judgement, ShadowEvidence } from "../core/verdict.ts";
import type { MigrationHistory } from "./migration-history.ts";
import { shadowStageOf } from "./shadow/plan-of.ts";
import type { TickDetector } from "./tick-detector.ts";

/** Whoever measures what the candidate answers in shadow: what they say of it now; null = nothing is measured. */
export type ReadShadow = () => ShadowEvidence | null;

/** `detector`, whose judgements of a shadow stage hold what is known of the shadow. */
export const withShadow = (
  detector: TickDetector,
  { migration }: Pick<MigrationHistory, "migration">,
  read: ReadShadow = () => null,
): TickDetector => {
  const attach = (judgement: Judgement | null): Judgement | null => {
    if (judgement === null || shadowStageOf(migration(), judgement.stage) === null) return judgement;
    const shadow = read();
    return shadow === null ? judgement : { ...judgement, shadow };
  };
  return {
    ...detector,
    latest: () => attach(detector.latest()),
    catchUp: async (...args) => attach(await detector.catchUp(...args)),
  };
};
