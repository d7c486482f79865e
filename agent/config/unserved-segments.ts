import { audienceText } from "../../core/audience.ts";
import type { Migration } from "../../core/migration.ts";
import { audienceOfStage } from "../../lifecycle/stages.ts";
import type { Problem } from "./problem.ts";

/** What of audiences the flag system of a route can serve. */
export interface ServedSegments {
  readonly segments: boolean;
  /** True where it compares values as they are: it knows none of the document's normalising. */
  readonly asTheyAre?: boolean;
}

/** Stages for a segment that the route's flag system cannot serve. */
export const unservedSegmentProblems = (
  { stages, route }: Pick<Migration, "stages" | "route">,
  { segments, asTheyAre = false }: ServedSegments,
  file: string,
): readonly Problem[] =>
  stages.flatMap((stage, i): readonly Problem[] => {
    const audience = audienceOfStage(stage);
    if (audience === null) return [];
    const path = `stages[${i}].segment`;
    const instead = "expected a stage without segment, or a route whose target is of the type builtin";
    if (!segments)
      return [
        {
          file,
          path,
          text: `flags.${route.target} cannot give a share to ${audienceText(audience)} alone; ${instead}`,
        },
      ];
    return asTheyAre && audience.normalise !== undefined
      ? [
          {
            file,
            path,
            text: `flags.${route.target} compares values of ${audience.segment} as they are, and the document normalises them; expected that segment without normalise, or a target of the type builtin`,
          },
        ]
      : [];
  });
