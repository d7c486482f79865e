import type { Audience } from "../../core/audience.ts";
import { audienceText } from "../../core/audience.ts";
import type { FlagReport } from "./flag-target.ts";

/** Why an audience cannot be served by a system that compares values as they are; empty when it can. */
export const plainAudienceProblem = ({ segment, normalise }: Audience): string =>
  normalise === undefined
    ? ""
    : `compares values of ${segment} as they are, and the document normalises them; expected that segment without normalise`;

/** Whom a flag's rule is for, for people; nothing where it is for everybody. */
export const audienceFacts = (audience: Audience | null | undefined): FlagReport["facts"] =>
  audience === null || audience === undefined
    ? []
    : [["For", `${audienceText(audience)}; everybody else gets the baseline`]];
