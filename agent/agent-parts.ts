import type { TextStream } from "../alerts/channels/text-stream.ts";
import type { Log } from "../core/log.ts";
import type { SteadyClock } from "./clock/steady-clock.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** What an agent takes from its process. */
export interface AgentParts {
  /** The machine's clock, epoch ms. */
  readonly now: () => number;
  /** Counts ms from anywhere, and nobody can set it. Default: the process's own. */
  readonly monotonic?: () => number;
  readonly log: Log;
  /** Where the `stdout` channel prints. */
  readonly stdout: TextStream;
  readonly version: string;
}

/** The same, with the clock that everything in the agent goes by (`now` is that clock's), and what it tells of itself. */
export interface TimedParts extends AgentParts {
  readonly clock: SteadyClock;
  readonly telemetry: Telemetry;
}

/** The process's own count of ms, which nobody can set. */
export const elapsed = (): number => performance.now();
