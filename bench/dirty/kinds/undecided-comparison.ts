import type { DirtyCase, DirtyKind } from "../case.ts";
import { exitOfCompare } from "../exit-of-compare.ts";

/** As many equal answers a side. */
const answers = (count: number): string =>
  Array.from({ length: count }, (_, i) =>
    ["baseline", "canary"].map((cohort) => `${JSON.stringify({ cohort, output: `Your order ${i} is on its way.` })}\n`),
  )
    .flat()
    .join("");

const few = (count: number, allowUndecided: boolean, right: string): DirtyCase => ({
  input: `${count} equal answers a side${allowUndecided ? ", --allow-undecided" : ""}`,
  right,
  before: "exit 0",
  measure: () => exitOfCompare(answers(count), allowUndecided),
  isRight: (said) => said === right,
});

/** Too few answers are no pass. */
export const undecidedComparison: DirtyKind = {
  kind: "compare: too few answers",
  cases: [few(20, false, "exit 4"), few(2, false, "exit 4"), few(20, true, "exit 0")],
};
