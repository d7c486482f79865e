import { FORTNIGHT_HOURS, fortnightOf, fortnightPart } from "../stats/fortnights.ts";
import { WINDOWS, type WindowName } from "./feature-counts.ts";

const HOURS_A_DAY = 24;

/** Which windows are looked at, with the log of the wealth that rides on each; they sum to at most 1. */
export interface WindowWeights {
  /** Call on every tick; the windows that begin anew with it. `hour`: whole hours since the process began. */
  readonly begin: (hour: number, isNewStage: boolean) => readonly WindowName[];
  readonly open: () => readonly (readonly [name: WindowName, logWeight: number])[];
}

/**
 * Half of the wealth rides on what a stage has shown as a whole, a quarter each on its days and its hours: what turns
 * bad on day five is drowned in the stage, and seen within its hour or day. The k-th stage (or history, where an arm's
 * began anew) gets 1 / k(k+1) of the half; a day gets 1/14 and an hour 1/336 of the part of its quarter that its 14 days get. A day or an hour that the
 * stage began in is no window of its own, and no wealth is carried from one window to the next.
 */
export const createWindowWeights = (): WindowWeights => {
  let [stages, stageHour, now] = [0, 0, -1];
  const dayOf = (hour: number): number => Math.floor(hour / HOURS_A_DAY);
  return {
    begin: (hour, isNewStage) => {
      const [isNewHour, isNewDay] = [hour !== now, dayOf(hour) !== dayOf(now)];
      now = hour;
      if (isNewStage || stages === 0) {
        [stages, stageHour] = [stages + 1, hour];
        return WINDOWS;
      }
      return [...(isNewHour ? (["hour"] as const) : []), ...(isNewDay ? (["day"] as const) : [])];
    },
    open: () => {
      const part = 0.25 * fortnightPart(fortnightOf(now));
      return [
        ["stage", Math.log(0.5 / (stages * (stages + 1)))],
        ...(dayOf(now) > dayOf(stageHour) ? [["day", Math.log(part / (FORTNIGHT_HOURS / HOURS_A_DAY))] as const] : []),
        ...(now > stageHour ? [["hour", Math.log(part / FORTNIGHT_HOURS)] as const] : []),
      ];
    },
  };
};
