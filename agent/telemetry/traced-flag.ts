import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { FlagWrite } from "../../core/flag.ts";
import type { Ending, Telemetry } from "./telemetry.ts";

const endingOf = (write: FlagWrite): Ending =>
  write.outcome === "failed"
    ? { outcome: "failed", problem: `${write.why}: ${write.detail}` }
    : { outcome: write.outcome, problem: "" };

/** The flag of `migration`, whose writes are told about. Reads are not: each round makes one. */
export const tracedFlag = (routed: RoutedFlag, migration: string, telemetry: Telemetry): RoutedFlag => {
  const { flag, target } = routed;
  return {
    ...routed,
    setShare: (share, guard, again, audience) =>
      telemetry.within(
        { name: "flip", labels: { migration }, facts: { flag, share, target } },
        () => routed.setShare(share, guard, again, audience),
        endingOf,
      ),
  };
};
