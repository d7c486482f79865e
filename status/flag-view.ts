import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  isReadFailure,
  sameExposure,
} from "../alerts/flags/flag-target.ts";
import type { Audience, Exposure } from "../core/audience.ts";
import { lengthText } from "../core/length-text.ts";
import type { Route } from "../core/migration.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";

/** What a flag should serve by the ledger. */
export interface WantedShare {
  /** 0-1; null = it is not known. */
  readonly share: number | null;
  /** Whom it is for; left out = everybody. */
  readonly audience?: Audience;
  /** How it is known, or why not, on one line. */
  readonly because: string;
}

/** A migration's flag as its system has it, beside what it should be. `GET /api/v1/migrations/<name>/flag` answers with it. */
export interface FlagView extends Route {
  readonly schema: "leeway.flag/1";
  readonly migration: string;
  /** When it was asked, epoch ms. */
  readonly at: number;
  /** Null = it could not be read. */
  readonly report: FlagReport | null;
  readonly wanted: WantedShare;
  /** Whether it serves what it should; null = one of the two is not known. */
  readonly agrees: boolean | null;
  /** What a rollback would do to it, and when apps would see it. */
  readonly rollback: string;
  /** What is wrong, and what to do. */
  readonly problems: readonly string[];
  /** What could not be known, and why. */
  readonly unknown: readonly string[];
}

/** When apps see a change of the flag. */
export const seenText = ({ propagationMs }: Pick<FlagCapabilities, "propagationMs">): string =>
  propagationMs === 0 ? "apps see it at their next evaluation" : `apps see it within ${lengthText(propagationMs)}`;

/** What a rollback does to a flag of such a system. */
export const rollbackText = (capabilities: FlagCapabilities): string => {
  const off = capabilities.kill
    ? "the flag is switched off, its shares and rules stay as they are"
    : "the canary's share is set to 0%";
  const guard = capabilities.guards
    ? "only if nobody changed it since it was read, else once more on what they made of it"
    : "it is read once more right before, as this system has no guard against a change in between";
  return `${off}; ${guard}; ${seenText(capabilities)}`;
};

const disagreement = (state: FlagReport["state"], wanted: Exposure): string =>
  `it serves ${exposureText(state, wanted)}, and should serve ${exposureText(wanted, state)}: somebody else set it, or the last flip did ` +
  "not take hold; leeway status says which";

/** What a flag system may be written, as a problem or as something unknown. */
const writing = ({ mayWrite, mayWriteBecause }: FlagReport): { problems: string[]; unknown: string[] } => ({
  problems: mayWrite === false ? [`a rollback could not be written: ${mayWriteBecause}`] : [],
  unknown: mayWrite === null ? [`whether a rollback may be written: ${mayWriteBecause}`] : [],
});

/** The view of one flag, from what its system answered. Pure. */
export const flagView = (
  {
    migration,
    route,
    capabilities,
    at,
  }: Pick<FlagView, "migration" | "at"> & {
    readonly route: Route;
    readonly capabilities: FlagCapabilities;
  },
  answer: FlagReport | FlagReadFailure,
  wanted: WantedShare,
): FlagView => {
  const rest = { schema: "leeway.flag/1", migration, flag: route.flag, target: route.target, at, wanted } as const;
  const rollback = rollbackText(capabilities);
  const unwanted = wanted.share === null ? [`what it should serve: ${wanted.because}`] : [];
  if (isReadFailure(answer)) {
    const problems = [`it cannot be read (${answer.why}): ${answer.detail}`];
    return { ...rest, report: null, agrees: null, rollback, problems, unknown: unwanted };
  }
  const { state, variants, mayWrite, mayWriteBecause, facts, problems: found } = answer;
  const known: Exposure | null = wanted.share === null ? null : { ...wanted, share: wanted.share };
  const agrees = known === null ? null : sameExposure(state, known);
  const differs = agrees === false && known !== null ? [disagreement(state, known)] : [];
  const { problems, unknown } = writing(answer);
  return {
    ...rest,
    report: { state, variants, mayWrite, mayWriteBecause, facts, problems: found },
    agrees,
    rollback,
    problems: [...found, ...problems, ...differs],
    unknown: [...unknown, ...unwanted],
  };
};
