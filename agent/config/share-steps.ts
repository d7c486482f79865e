import type { Migration } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import type { Problem } from "./problem.ts";

const isMultiple = (share: number, step: number): boolean =>
  step === 0 || Math.abs(share / step - Math.round(share / step)) < 1e-9;

/** Stages whose share the flag system cannot serve: it knows shares in steps of `step` (0-1; 0 = any). */
export const shareStepProblems = (
  { stages, route }: Pick<Migration, "stages" | "route">,
  step: number,
  file: string,
): readonly Problem[] =>
  stages.map(shareOfStage).flatMap((share, i) =>
    isMultiple(share, step)
      ? []
      : [
          {
            file,
            path: `stages[${i}].canary`,
            text: `${exactPercent(share)} cannot be served by flags.${route.target}; expected a multiple of ${exactPercent(step)}`,
          },
        ],
  );
