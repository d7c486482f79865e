import { unreachable } from "../../core/exhaustive.ts";
import type { Log } from "../../core/log.ts";
import type { Monitor } from "../../core/monitor.ts";
import type { MonitorStore } from "../../store/monitors/monitor-store.ts";

/**
 * Version of what monitors and sentinels store of what they know. It goes up when an earlier version would go on from a
 * state in another sense than it was meant; whoever raises it reads all versions before. What has none is of the version
 * that wrote none, which is 1.
 */
export const CHECKPOINT_VERSION = 1;

/** A stored state, the version that wrote it where that is a newer one than this, or neither: the text is no state. */
export type StoredCheckpoint<T> =
  | { readonly outcome: "read"; readonly checkpoint: T }
  | { readonly outcome: "newer"; readonly version: number }
  | { readonly outcome: "unreadable" };

/** The text that is stored. */
export const encodeCheckpoint = (checkpoint: object): string =>
  JSON.stringify({ version: CHECKPOINT_VERSION, ...checkpoint });

const parsed = (text: string): object | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
};

/** What a stored text says; `keys` are those of a whole state. Nothing of a newer version's is believed, also where it can be read. */
export const decodeCheckpoint = <T extends object>(text: string, keys: readonly (keyof T)[]): StoredCheckpoint<T> => {
  const { version = 1, ...checkpoint } = (parsed(text) ?? {}) as T & { readonly version?: number };
  if (version > CHECKPOINT_VERSION) return { outcome: "newer", version };
  const isWhole = keys.every((key) => key in checkpoint);
  return isWhole ? { outcome: "read", checkpoint: checkpoint as unknown as T } : { outcome: "unreadable" };
};

/** What a store has of a monitor. */
export interface KnownCheckpoint<T> {
  /** Null where there is none that can be gone on from. */
  readonly checkpoint: T | null;
  /** Epoch ms of a state that is there and is left alone; null where there is none. */
  readonly leftAlone: number | null;
}

/** The newest state of `monitor`; a newer version's stays where it is, and so does what cannot be read: the log says so. */
export const readCheckpoint = async <T extends object>(
  monitor: Monitor,
  keys: readonly (keyof T)[],
  { store, log }: { readonly store: Pick<MonitorStore, "readState">; readonly log: Pick<Log, "warn"> },
): Promise<KnownCheckpoint<T>> => {
  const stored = await store.readState(monitor);
  if (stored === null) return { checkpoint: null, leftAlone: null };
  const read = decodeCheckpoint<T>(stored.state, keys);
  switch (read.outcome) {
    case "read":
      return { checkpoint: read.checkpoint, leftAlone: null };
    case "newer":
      log.warn(`monitor ${monitor.name}: its state is of a newer version, and is left alone; it is learned anew`, {
        version: read.version,
        known: CHECKPOINT_VERSION,
      });
      return { checkpoint: null, leftAlone: stored.at };
    case "unreadable":
      log.warn(`monitor ${monitor.name}: its state cannot be read, and is left alone; it is learned anew`);
      return { checkpoint: null, leftAlone: stored.at };
    default:
      return unreachable(read);
  }
};
