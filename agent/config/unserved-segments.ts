import { FLAG_TARGET_TYPES } from "../../alerts/flags/create-flag-target.ts";
import type { FlagCapabilities } from "../../alerts/flags/flag-target.ts";
import { audienceText } from "../../core/audience.ts";
import type { Migration } from "../../core/migration.ts";
import { audienceOfStage } from "../../lifecycle/stages.ts";
import type { Problem } from "./problem.ts";

/** What of audiences the flag system of a route can serve. */
export type ServedSegments = Pick<FlagCapabilities, "segments" | "cannotServe">;

/** The types of flag systems that can give a share to a segment alone. */
const ABLE = FLAG_TARGET_TYPES.filter(({ capabilities }) => capabilities.segments).map(({ type }) => type);

/** Stages for a segment that the route's flag system cannot serve. */
export const unservedSegmentProblems = (
  { stages, route }: Pick<Migration, "stages" | "route">,
  { segments, cannotServe = () => "" }: ServedSegments,
  file: string,
): readonly Problem[] =>
  stages.flatMap((stage, i): readonly Problem[] => {
    const audience = audienceOfStage(stage);
    if (audience === null) return [];
    const path = `stages[${i}].segment`;
    const text = segments
      ? cannotServe(audience)
      : `cannot give a share to ${audienceText(audience)} alone; expected a stage without segment`;
    const others = segments ? "builtin" : ABLE.join(", ");
    return text === ""
      ? []
      : [{ file, path, text: `flags.${route.target} ${text}, or a route whose target is of the type ${others}` }];
  });
