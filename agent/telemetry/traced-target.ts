import type { FlagTarget } from "../../alerts/flags/flag-target.ts";
import type { FlagWrite } from "../../core/flag.ts";
import type { Ending, Telemetry } from "./telemetry.ts";

const endingOf = (write: FlagWrite): Ending =>
  write.outcome === "failed"
    ? { outcome: "failed", problem: `${write.why}: ${write.detail}` }
    : { outcome: write.outcome, problem: "" };

/** The target, whose writes for `migration` are told about. Reads are not: each round makes one. */
export const tracedTarget = (target: FlagTarget, migration: string, telemetry: Telemetry): FlagTarget => ({
  ...target,
  setShare: (flag, share, guard) =>
    telemetry.within(
      { name: "flip", labels: { migration }, facts: { flag, share, target: target.name } },
      () => target.setShare(flag, share, guard),
      endingOf,
    ),
});
