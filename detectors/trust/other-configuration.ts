import { type CallIdentity, readIdentity } from "../../core/call-identity.ts";
import type { Arm } from "../../core/cohort.ts";
import type { Migration } from "../../core/migration.ts";
import { percent } from "../../core/percent.ts";
import type { Tick } from "../../core/sample.ts";
import { createArmIdentity, type Fit } from "./arm-identity.ts";
import { ARMS, eachArm } from "./arms.ts";
import { createSeenValues, type SeenValues } from "./seen-values.ts";
import { createShareDoubt, type ShareDoubt } from "./share-doubt.ts";
import type { TrustPart } from "./trust-part.ts";

/** Calls from elsewhere below which nothing is said, however many they are of few. */
const MIN_OTHER = 10;
/** The numbers people read are of about this many newest calls. */
const NEWEST = 1000;
/** Calls of which nothing is known, from which on that is said. */
const MIN_UNKNOWN = 50;
/** Deployments' names that are remembered. */
const MAX_ALIASES = 100;

/** Calls from elsewhere than the document says, and what is known of that at all. */
export interface OtherConfiguration extends TrustPart {
  /** Arms whose history begins anew: what was counted of them was another configuration's. */
  readonly changed: () => readonly Arm[];
  /** Arms of whose calls nothing says what they come from; one line each. */
  readonly notes: () => readonly string[];
}

const FITS: readonly Fit[] = ["fits", "other", "unknown"];

type Counts = Record<Fit, number>;

interface ArmState {
  readonly doubt: ShareDoubt;
  /** Of the newest calls. */
  readonly newest: Counts;
  readonly seen: SeenValues;
  /** Names that were asked for, by how their answered calls fit. */
  readonly aliases: Map<string, { fits: number; others: number }>;
}

const newState = (): ArmState => ({
  doubt: createShareDoubt(MIN_OTHER),
  newest: { fits: 0, other: 0, unknown: 0 },
  seen: createSeenValues(),
  aliases: new Map(),
});

const promptOf = ({ promptName, promptVersion }: CallIdentity): string =>
  promptName === "" && promptVersion === "" ? "" : ` with prompt ${promptName}@${promptVersion}`;

/** What a call comes from, in words: the model that answered, what was asked for where that is another name. */
export const identityText = (call: CallIdentity): string => {
  const { requestModel, responseModel } = call;
  const model = responseModel === "" ? requestModel : responseModel;
  const asked = responseModel !== "" && requestModel !== "" && requestModel !== responseModel;
  return `${model === "" ? "no model" : model}${asked ? ` (asked for as ${requestModel})` : ""}${promptOf(call)}`;
};

/**
 * Calls of an arm that do not come from what the document names for it: a line that was forgotten calls the baseline's
 * model, a gateway falls back to it, baseline users are served by the candidate. Calls stay in the arm they were
 * assigned to. Whatever was counted meanwhile is evidence about something else, so that the arm's history begins anew
 * when it is over. Calls that do not say what they come from are neither, and where no call does, that is said.
 */
export const createOtherConfiguration = (migration: Pick<Migration, "baseline" | "candidate">): OtherConfiguration => {
  const identity = createArmIdentity(migration);
  const states = eachArm(newState);
  let changed: readonly Arm[] = [];

  const learnAlias = (
    { aliases }: ArmState,
    { requestModel, responseModel }: CallIdentity,
    fit: Fit,
    calls: number,
  ): void => {
    if (responseModel === "" || fit === "unknown") return;
    if (aliases.size >= MAX_ALIASES && !aliases.has(requestModel)) aliases.clear();
    const known = aliases.get(requestModel) ?? { fits: 0, others: 0 };
    known[fit === "fits" ? "fits" : "others"] += calls;
    aliases.set(requestModel, known);
  };
  const isAlias =
    ({ aliases }: ArmState) =>
    (requestModel: string): boolean => {
      const known = aliases.get(requestModel);
      return known !== undefined && known.fits > known.others;
    };

  const count = (arm: Arm, state: ArmState, carried: Readonly<Record<string, number>>): Counts => {
    const counts: Counts = { fits: 0, other: 0, unknown: 0 };
    const calls = Object.entries(carried).map(([key, n]) => ({ call: readIdentity(key), n }));
    // What answered is told first: it says what the names mean that failed calls were asked for under.
    for (const { call, n } of calls.toSorted(
      (a, b) => Number(b.call?.responseModel !== "") - Number(a.call?.responseModel !== ""),
    )) {
      const fit = call === null ? "unknown" : identity.fit(arm, call, isAlias(state));
      counts[fit] += n;
      if (call === null) continue;
      learnAlias(state, call, fit, n);
      if (fit === "other") state.seen.add(identityText(call), n);
    }
    return counts;
  };

  const fade = ({ newest, seen }: ArmState): void => {
    if (newest.fits + newest.other + newest.unknown < NEWEST) return;
    for (const fit of FITS) newest[fit] /= 2;
    seen.halve();
  };

  /** The doubt stands until the tick in which the history begins anew: what was judged before it is still the old one. */
  const letGo = (arm: Arm): void => {
    const { doubt, seen, newest } = states[arm];
    doubt.letGo();
    seen.clear();
    Object.assign(newest, { fits: 0, other: 0, unknown: 0 });
  };

  const stepArm = (arm: Arm, tick: Tick): void => {
    const state = states[arm];
    fade(state);
    const counts = count(arm, state, tick.intake?.carried?.[arm] ?? {});
    for (const fit of FITS) state.newest[fit] += counts[fit];
    if (state.doubt.step(counts.other, counts.fits + counts.other, tick)) changed = [...changed, arm];
  };

  const describe = (arm: Arm): string => {
    const { newest, seen } = states[arm];
    const known = newest.fits + newest.other;
    const calls = Math.round(known);
    return `${percent(newest.other / known)} of the newest ${calls} ${arm} calls come from ${seen.text(newest.other)}, where the document names ${identity.named(arm)}`;
  };
  const doubted = (): readonly Arm[] => ARMS.filter((arm) => states[arm].doubt.isDoubted());

  return {
    step: (tick) => {
      for (const arm of changed) letGo(arm);
      changed = [];
      for (const arm of ARMS) stepArm(arm, tick);
    },
    changed: () => changed,
    doubt: () => doubted().map(describe).join("; ") || null,
    about: () => doubted().join("+"),
    notes: () =>
      ARMS.flatMap((arm) => {
        const { fits, other, unknown } = states[arm].newest;
        if (fits + other > 0 || unknown < MIN_UNKNOWN) return [];
        return [
          `no ${arm} call says that it comes from ${identity.named(arm)}: that the ${arm === "canary" ? "candidate" : "baseline"} really answers is not known`,
        ];
      }),
  };
};
