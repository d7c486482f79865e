import { lengthText } from "../../core/length-text.ts";
import { utcStamp } from "../../core/utc-text.ts";
import type { ClockStep } from "./steady-clock.ts";

/** How long a step that is over is still told: as long as late calls are waited for. */
const NEWS_MS = 600_000;

/** The step if it stands, or is over for less than ten minutes at `now` (epoch ms); else null. */
export const recentStep = (step: ClockStep | null, now: number): ClockStep | null => {
  if (step === null || step.standing === "watched" || step.standing === "held") return step;
  return Math.abs(now - step.at) <= NEWS_MS ? step : null;
};

const STANDINGS: Readonly<Record<ClockStep["standing"], string>> = {
  watched: "the agent goes on by the time that passed until it is known which is right",
  passed: "it was set back, and nothing was judged by it",
  held: "calls that arrive contradict it, and the agent goes on by the time that passed",
  followed: "it stayed so, and the agent goes by it now",
};

/** What was seen and what is done about it, one line for people. */
export const stepText = ({ at, byMs, standing }: ClockStep): string =>
  `the clock of this machine was set ${lengthText(Math.abs(byMs))} ${byMs > 0 ? "ahead" : "back"} at ${utcStamp(at)}: ${STANDINGS[standing]}; see that it keeps its time (NTP)`;
