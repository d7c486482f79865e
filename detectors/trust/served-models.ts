import type { Arm } from "../../core/cohort.ts";
import type { ServedBy, Tick } from "../../core/sample.ts";
import { shortText } from "../../core/short-text.ts";
import { ARMS, callsIn, eachArm } from "./arms.ts";
import { createServedValue, MIN_ANSWERS } from "./served-value.ts";
import type { TrustPart } from "./trust-part.ts";

const NAMES: Readonly<Record<ServedBy, string>> = { model: "response model", fingerprint: "system fingerprint" };

/** Values are the provider's text: in a message they stand on one line and are not endless. */
const MAX_TEXT = 80;

const quote = (text: string): string => shortText(text.replaceAll(/\s+/g, " "), MAX_TEXT);

/** Who answers in each arm. */
export interface ServedModels extends TrustPart {
  /** Arms whose history begins anew with the next tick, because the last one showed that something else answers. */
  readonly changed: () => readonly Arm[];
}

/**
 * Notices that another model, or another build of it, answers behind the name an arm asks for. The doubt stands until
 * both arms have enough calls since.
 */
export const createServedModels = (): ServedModels => {
  const followed = eachArm(() => ({ model: createServedValue(), fingerprint: createServedValue() }));
  let changed: readonly Arm[] = [];
  const open = new Map<Arm, string>();
  /** Calls since the newest change: the arms are compared, so that both have to have some. */
  const young = { canary: 0, baseline: 0 };

  const stepArm = (tick: Tick, arm: Arm): void => {
    const served = tick.intake?.served?.[arm];
    young[arm] += callsIn(tick, arm);
    const found = (["model", "fingerprint"] as const).flatMap((by) => {
      const change = followed[arm][by].step({ from: tick.from, to: tick.to, counts: served?.[by] ?? {} });
      return change === null
        ? []
        : [`${NAMES[by]} of the ${arm} was ${quote(change.before)}, is ${quote(change.after)}`];
    });
    if (found.length === 0) return;
    changed = [...changed, arm];
    open.set(arm, found.join("; "));
  };

  return {
    step: (tick) => {
      changed = [];
      for (const arm of ARMS) stepArm(tick, arm);
      // All at once: what it says must not change while it stands, or people are told twice.
      if (changed.length > 0) Object.assign(young, { canary: 0, baseline: 0 });
      if (ARMS.every((arm) => young[arm] >= MIN_ANSWERS)) open.clear();
    },
    changed: () => changed,
    doubt: () => (open.size === 0 ? null : [...open.values()].join("; ")),
  };
};
