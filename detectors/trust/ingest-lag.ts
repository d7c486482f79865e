import type { Arm } from "../../core/cohort.ts";
import { percent } from "../../core/percent.ts";
import type { Tick } from "../../core/sample.ts";
import { ARMS, callsIn, eachArm } from "./arms.ts";
import type { TrustPart } from "./trust-part.ts";

/** What is looked at: the ticks of the last ten minutes. */
const WINDOW_MS = 600_000;
/** Late calls in it, and their share of the arm's calls, from which on they are held against a clear. */
const MIN_LATE = 20;
const MAX_LATE_SHARE = 0.1;
/** Calls to be expected in it, going by the stage so far, from which on none at all is a gap. */
const MIN_EXPECTED = 50;

interface Seen {
  readonly from: number;
  readonly to: number;
  readonly calls: Readonly<Record<Arm, number>>;
  readonly late: Readonly<Record<Arm, number>>;
}

/**
 * The newest calls come in late (more than a minute after they ended), or have stopped coming: what is seen of the
 * last minutes then looks fast and short, because the slow calls are still on their way. That the baseline's stopped is not
 * told again where the doubt about the `baseline` tells it.
 */
export const createIngestLag = (baseline: Pick<TrustPart, "doubt"> = { doubt: () => null }): TrustPart => {
  let window: readonly Seen[] = [];
  let stage = { ms: 0, canary: 0, baseline: 0 };
  /** After a rollback the canary is to be silent. */
  let isSilentArm: Readonly<Record<Arm, boolean>> = { canary: false, baseline: false };

  const sum = (of: (seen: Seen) => number): number => window.reduce((total, seen) => total + of(seen), 0);
  const lateness = (arm: Arm): string | null => {
    const [late, calls] = [sum((seen) => seen.late[arm]), sum((seen) => seen.calls[arm])];
    if (late < MIN_LATE || late < MAX_LATE_SHARE * calls) return null;
    return `${late} of ${calls} ${arm} calls of the last ten minutes (${percent(late / calls)}) came in more than a minute after they ended`;
  };
  const silence = (arm: Arm): string | null => {
    const expected = (stage[arm] / stage.ms) * WINDOW_MS;
    if (isSilentArm[arm] || (arm === "baseline" && baseline.doubt() !== null)) return null;
    if (stage.ms < 2 * WINDOW_MS || expected < MIN_EXPECTED || sum((seen) => seen.calls[arm]) > 0) return null;
    return `no ${arm} call in the last ten minutes, where about ${Math.round(expected)} were to be expected`;
  };

  return {
    step: (tick: Tick, isNewStage) => {
      const arrivals = tick.intake?.arrivals;
      const calls = eachArm((arm) => callsIn(tick, arm));
      const late = eachArm((arm) => arrivals?.[arm]?.late ?? 0);
      window = [...window, { from: tick.from, to: tick.to, calls, late }].filter(({ to }) => to > tick.to - WINDOW_MS);
      isSilentArm = { canary: tick.share <= 0, baseline: false };
      if (isNewStage) stage = { ms: 0, canary: 0, baseline: 0 };
      stage = {
        ms: stage.ms + tick.to - tick.from,
        canary: stage.canary + calls.canary,
        baseline: stage.baseline + calls.baseline,
      };
    },
    doubt: () => {
      const found = ARMS.map((arm) => lateness(arm) ?? silence(arm)).filter((text) => text !== null);
      return found.length === 0 ? null : found.join("; ");
    },
  };
};
