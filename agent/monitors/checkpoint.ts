import type { MonitorState } from "../../detectors/monitors/monitor-engine.ts";

/** What a stored state of a monitor is, beside the engine's own. */
export interface Checkpoint {
  /** Where the past ended. */
  readonly origin: number;
  /** Calls that ended before this are in slices already; see MonitorFold.origin. */
  readonly floor: number;
  readonly engine: MonitorState;
}

/**
 * Version of what is stored. It goes up when an earlier version would go on from a state in another sense than it was
 * meant; whoever raises it reads all versions before. What has none is of the version that wrote none, which is 1.
 */
export const CHECKPOINT_VERSION = 1;

/** A stored state, or the version that wrote it, where that is a newer one than this. */
export type StoredCheckpoint =
  | { readonly outcome: "read"; readonly checkpoint: Checkpoint }
  | { readonly outcome: "newer"; readonly version: number };

/** The text that is stored. */
export const encodeCheckpoint = (checkpoint: Checkpoint): string =>
  JSON.stringify({ version: CHECKPOINT_VERSION, ...checkpoint });

/** What a stored text says. Nothing of a newer version's is believed, also where it can be read. */
export const decodeCheckpoint = (text: string): StoredCheckpoint => {
  const { version = 1, ...checkpoint } = JSON.parse(text) as Checkpoint & { readonly version?: number };
  return version > CHECKPOINT_VERSION ? { outcome: "newer", version } : { outcome: "read", checkpoint };
};
