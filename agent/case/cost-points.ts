import { signedShare } from "../../core/cost-text.ts";
import { countText } from "../../core/count-text.ts";
import { figure } from "../../core/figure.ts";
import { percent } from "../../core/percent.ts";
import type { CaseFacts, Point } from "./case.ts";

/** Less than this is within what another tokenizer or another length of answers takes away again. */
export const WORTHWHILE_SAVING = 0.1;

/** What prices say at the tokens of the baseline's own calls. It counts where the document gives cost as a reason. */
export const costPoints = ({ migration, cost }: CaseFacts): readonly Point[] => {
  const isReason = migration.why?.cost !== undefined;
  const point = (speaks: Point["speaks"], text: string): readonly Point[] => [
    { about: "cost", speaks: isReason ? speaks : "note", text },
  ];
  if ("unknown" in cost) return point("unknown", `what a call would cost is not known: ${cost.unknown}`);
  const { baselineUsd, candidateUsd, calls, days } = cost;
  const relative = baselineUsd === 0 ? null : (candidateUsd - baselineUsd) / baselineUsd;
  const measured = `a call costs ${figure(baselineUsd, "USD")}, and ${figure(candidateUsd, "USD")} at the candidate's list prices (${signedShare(relative)}): the same tokens as in ${countText(calls)} calls of the last ${days} days, whatever its tokenizer makes of them`;
  if (relative === null) return point("unknown", `${measured}; of a baseline that costs nothing nothing can be saved`);
  if (relative <= -WORTHWHILE_SAVING) return point("for", measured);
  const little = `less than ${percent(WORTHWHILE_SAVING)} is saved`;
  return point("against", isReason ? `${measured}; ${little}, and the reason does not hold` : measured);
};
