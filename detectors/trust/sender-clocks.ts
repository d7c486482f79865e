import type { Arm } from "../../core/cohort.ts";
import { lengthText } from "../../core/length-text.ts";
import { percent } from "../../core/percent.ts";
import type { Tick } from "../../core/sample.ts";
import { ARMS, callsIn, eachArm } from "./arms.ts";
import type { TrustPart } from "./trust-part.ts";

/** What is looked at: the ticks of the last ten minutes. */
const WINDOW_MS = 600_000;
/** Moved calls in it, and their share of the arm's calls, from which on they are held against a clear. */
const MIN_MOVED = 20;
const MAX_MOVED_SHARE = 0.1;

type OfArm = { readonly calls: number; readonly moved: number; readonly skewMs: number };
type Seen = Readonly<Record<Arm, OfArm>> & { readonly to: number };

const seenOf = (tick: Tick): Seen => ({
  to: tick.to,
  ...eachArm((arm) => {
    const { calls: moved, skewMs } = tick.intake?.moved?.[arm] ?? { calls: 0, skewMs: 0 };
    return { calls: callsIn(tick, arm), moved, skewMs };
  }),
});

/**
 * Calls whose sender's clock is wrong, and which were moved to their arrival. They are judged, but a little later than
 * they were made, and by how much cannot be known.
 */
export const createSenderClocks = (): TrustPart => {
  let window: readonly Seen[] = [];
  const sum = (arm: Arm, of: keyof OfArm): number => window.reduce((total, seen) => total + seen[arm][of], 0);

  const doubtOf = (arm: Arm): readonly string[] => {
    const [calls, moved] = [sum(arm, "calls"), sum(arm, "moved")];
    if (moved < MIN_MOVED || moved < MAX_MOVED_SHARE * calls) return [];
    const skewMs = sum(arm, "skewMs") / moved;
    const off = `${lengthText(Math.abs(skewMs))} ${skewMs > 0 ? "ahead" : "behind"}`;
    return [
      `${moved} of ${calls} ${arm} calls of the last ten minutes (${percent(moved / calls)}) come from machines whose clocks are ${off} on average`,
    ];
  };

  return {
    step: (tick) => {
      window = [...window, seenOf(tick)].filter(({ to }) => to > tick.to - WINDOW_MS);
    },
    doubt: () => ARMS.flatMap(doubtOf).join("; ") || null,
  };
};
