import { withinOr } from "../../async/within-or.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  type FlagVariant,
  flagFailure,
  isReadFailure,
  type RoutedFlag,
  sameShare,
} from "./flag-target.ts";
import { createRaises, OVERTAKEN } from "./raises.ts";

/** A flag as it was read, and what its system's adapter needs to write it. */
export interface Look<Raw> {
  /** Null where the flag serves a share that cannot be known from what is read; `problems` says why. */
  readonly share: number | null;
  readonly revision: string;
  readonly variants: readonly FlagVariant[];
  readonly facts: FlagReport["facts"];
  /** What is wrong with the flag, and what to do. It can be switched off all the same, as far as it goes. */
  readonly problems: readonly string[];
  /** Those that keep it from being raised, and its share from being known. Left out: all of them. */
  readonly obstacles?: readonly string[];
  readonly raw: Raw;
}

/** Whether a flip would be allowed, and how that is known. */
export type Permission = Pick<FlagReport, "mayWrite" | "mayWriteBecause">;

/** The calls of one flag system, for one flag. */
export interface LookedFlagParts<Raw> {
  readonly capabilities: FlagCapabilities;
  readonly look: () => Promise<Look<Raw> | FlagReadFailure>;
  /**
   * Writes `share` (0-1) and nothing else, where the flag still is as it was looked at; else `conflict`. Unguarded, what
   * matters less than switching off need not be as it was. A raise of several steps asks before each whether it may go
   * on. Gives the flag as it is then.
   */
  readonly write: (
    look: Look<Raw>,
    share: number,
    how: { readonly isGuarded: boolean; readonly mayGoOn: () => boolean },
  ) => Promise<Look<Raw> | FlagReadFailure>;
  readonly mayWrite: (look: Look<Raw>) => Promise<Permission | FlagReadFailure>;
  /**
   * Switches off what cannot be looked at, by a call that is right whatever the flag holds; null where there is none now. Left
   * out: there never is.
   */
  readonly offUnread?: () => Promise<object> | null;
}

/** Looks and writes of one switching-off, while people change the flag at the same time. */
const MAX_TRIES = 3;
const MAX_LINE = 300;
/** Longest look before a switching-off that nobody guards, ms: the switch must not wait for a system that cannot be read. */
const HASTY_MS = 2_500;

/** A refusal of our own: nothing was asked, or nothing that was asked can help. */
export const refuse = (why: FlagReadFailure["why"], detail: string): FlagReadFailure =>
  flagFailure(why, clamp(printableLine(detail), MAX_LINE));

const isStep = (share: number, step: number): boolean =>
  step === 0 || Math.abs(share / step - Math.round(share / step)) < 1e-6;

const shareProblem = (share: number, { shareStep }: FlagCapabilities): FlagReadFailure | null => {
  if (!(share >= 0 && share <= 1)) return refuse("permanent", `share ${share} is not between 0 and 1`);
  if (isStep(share, shareStep)) return null;
  return refuse(
    "permanent",
    `${exactPercent(share)} cannot be served; expected a multiple of ${exactPercent(shareStep)}`,
  );
};

/**
 * A flag whose every write rests on a look right before it: already there is `unchanged`, another revision than the guard's
 * is `conflict`, a share that cannot be known is none. Off without a guard is tried again when somebody was faster.
 */
export const lookedFlag = <Raw>(route: Route, parts: LookedFlagParts<Raw>): RoutedFlag => {
  const { capabilities, look, write, mayWrite } = parts;

  const obstaclesOf = ({ problems, obstacles = problems }: Look<Raw>): readonly string[] => obstacles;

  const stateOf = (found: Look<Raw>): FlagState | FlagReadFailure => {
    const { share, revision } = found;
    if (share === null)
      return refuse("permanent", `the candidate's share cannot be told: ${obstaclesOf(found).join("; ")}`);
    return { flag: route.flag, share, enabled: share > 0, revision };
  };

  const raises = createRaises();

  const hastyLook = (): Promise<Look<Raw> | FlagReadFailure> =>
    withinOr(HASTY_MS, look(), refuse("transient", `reading the flag: no answer within ${HASTY_MS} ms`));

  const written = async (found: Look<Raw>, share: number, how: Parameters<typeof write>[2]): Promise<FlagWrite> => {
    if (!how.mayGoOn()) return OVERTAKEN;
    const answer = await write(found, share, how);
    if (isReadFailure(answer)) return answer;
    const state = stateOf(answer);
    return isReadFailure(state) ? state : { outcome: "written", state };
  };

  /** What it serves afterwards is only said where it can be looked at: until then nobody says that it is off. */
  const switchOff = async (unseen: FlagReadFailure): Promise<FlagWrite> => {
    const answer = await (parts.offUnread?.() ?? null);
    if (answer === null || isReadFailure(answer)) return unseen;
    const found = await hastyLook();
    const state = isReadFailure(found) ? found : stateOf(found);
    return isReadFailure(state) ? state : { outcome: "written", state };
  };

  const setOnce = async (
    share: number,
    guard: { readonly revision: string } | null,
    { again, mayGoOn }: { readonly again: boolean; readonly mayGoOn: () => boolean },
  ): Promise<FlagWrite> => {
    const isBlind = share === 0 && guard === null;
    const found = await (isBlind ? hastyLook() : look());
    if (isReadFailure(found)) return isBlind ? switchOff(found) : found;
    if (guard !== null && guard.revision !== found.revision)
      return refuse("conflict", `the flag was changed in between; it now serves ${found.share ?? "an unknown share"}`);
    const state = stateOf(found);
    // a share that is written once more says nothing new; a switch may be another lever than the share was
    const isDue = again && capabilities.kill;
    if (!isDue && !isReadFailure(state) && sameShare(state.share, share)) return { outcome: "unchanged", state };
    const obstacles = obstaclesOf(found);
    if (share > 0 && obstacles.length > 0) return refuse("permanent", obstacles.join("; "));
    return written(found, share, { isGuarded: guard !== null || share > 0, mayGoOn });
  };

  const setShare: RoutedFlag["setShare"] = async (share, guard, again = false) => {
    const problem = shareProblem(share, capabilities);
    if (problem !== null) return problem;
    const mayGoOn = raises.begin(share);
    for (let tries = 1; ; tries += 1) {
      const answer = await setOnce(share, guard, { again, mayGoOn });
      const isConflict = answer.outcome === "failed" && answer.why === "conflict";
      if (!isConflict || guard !== null || share > 0 || tries === MAX_TRIES) return answer;
    }
  };

  const inspect: RoutedFlag["inspect"] = async () => {
    const found = await look();
    if (isReadFailure(found)) return found;
    const permission = await mayWrite(found);
    if (isReadFailure(permission)) return permission;
    const { share, revision, variants, facts, problems } = found;
    const state = stateOf(found);
    // A share that is not known may be everybody's.
    const shown = isReadFailure(state) ? { flag: route.flag, share: share ?? 1, enabled: true, revision } : state;
    return { state: shown, variants, facts, problems, ...permission };
  };

  return {
    ...route,
    capabilities,
    read: async () => {
      const found = await look();
      return isReadFailure(found) ? found : stateOf(found);
    },
    setShare,
    inspect,
  };
};
