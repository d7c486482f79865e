import type { Arm } from "../../core/cohort.ts";
import { OVERALL, type Tick } from "../../core/sample.ts";

/** Both arms, the one that is judged first. */
export const ARMS: readonly Arm[] = ["canary", "baseline"];

/** The arm beside each. */
export const OTHER_ARM: Readonly<Record<Arm, Arm>> = { canary: "baseline", baseline: "canary" };

/** Something per arm. */
export const eachArm = <T>(of: (arm: Arm) => T): Readonly<Record<Arm, T>> => ({
  canary: of("canary"),
  baseline: of("baseline"),
});

/** Calls of an arm in a tick. */
export const callsIn = ({ calls }: Pick<Tick, "calls">, arm: Arm): number =>
  calls.find(({ cohort, segment }) => cohort === arm && segment === OVERALL)?.calls ?? 0;
