import { inTurn } from "../../async/in-turn.ts";
import { withinOr } from "../../async/within-or.ts";
import { raisesNothing, sameAudience } from "../../core/audience.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { FLAG_FILE, type FlagFile, OFF, type StoredFlag, type StoredFlags } from "./flag-file.ts";

/** How long the flag store waits. All in ms. */
export interface FlagStoreTimes {
  /** One look at the file. Default 250: a disk that hangs must not hold up a rollback. */
  readonly lookMs: number;
  /** The save that a lowered share waits for before it is left to the background. Default 1 s. */
  readonly saveMs: number;
  /** After the first save that failed; doubles with each further one. Default 250. */
  readonly firstRetryMs: number;
  /** The longest time between two saves. Default 15 s. */
  readonly maxRetryMs: number;
}

const TIMES: FlagStoreTimes = { lookMs: 250, saveMs: 1_000, firstRetryMs: 250, maxRetryMs: 15_000 };

/** Where the flag store keeps its flags, and whom it tells. */
export interface FlagStoreParts {
  readonly log: Log;
  /** Default: the real file system. */
  readonly disk?: FlagFile;
  readonly times?: Partial<FlagStoreTimes>;
}

/** The flags in memory and on disk. Memory is what is served. It is what the file says, or less while that is unsaved. */
export interface FlagStore {
  readonly get: (flag: string) => StoredFlag | undefined;
  /** Adopts what is on disk. Null, or what is wrong with the file; the last good state then stays. Never rejects. */
  readonly refresh: () => Promise<string | null>;
  /** True while what is served for `flag` is not on disk. */
  readonly isUnsaved: (flag: string) => boolean;
  /** Serves at once, then saves; what cannot be saved now is tried until it is. Never rejects. */
  readonly lower: (flag: string, stored: StoredFlag) => Promise<void>;
  /**
   * Saves, then serves. False, and nothing served: somebody wrote since `from` was read (null = does not matter), or
   * lowered it while it was being saved. Rejects when it cannot be saved.
   */
  readonly raise: (flag: string, stored: StoredFlag, from: StoredFlag | null) => Promise<boolean>;
  /** What is served and not saved, and why; empty when all is saved. */
  readonly problem: () => string;
  /** Tries once more to save what is unsaved, and nothing after. */
  readonly close: () => Promise<void>;
}

/** True for two states of one flag between which nobody wrote. A flag that was never written is off. */
const isSame = (a: StoredFlag, b: StoredFlag = OFF): boolean =>
  a.share === b.share && sameAudience(a.audience, b.audience) && a.writes === b.writes;

/** True where somebody has less by `theirs`, and nobody more. */
const isLess = (theirs: StoredFlag, ours: StoredFlag): boolean =>
  raisesNothing(ours, theirs) && !raisesNothing(theirs, ours);

/** What is on disk, but for unsaved flags that the file says more of. A lower share in the file is somebody's wish. */
const adopt = (onDisk: StoredFlags, served: StoredFlags, unsaved: Set<string>): StoredFlags => {
  const next = new Map(onDisk);
  for (const flag of [...unsaved]) {
    const [theirs, ours] = [onDisk.get(flag), served.get(flag)];
    if (ours === undefined || (theirs !== undefined && isLess(theirs, ours))) unsaved.delete(flag);
    else next.set(flag, ours);
  }
  return next;
};

/** The flags of `file`, as `loaded` from it. */
export const createFlagStore = (
  { file, name, loaded }: { readonly file: string; readonly name: string; readonly loaded: StoredFlags },
  { log, disk = FLAG_FILE, times }: FlagStoreParts,
): FlagStore => {
  const { lookMs, saveMs, firstRetryMs, maxRetryMs } = { ...TIMES, ...times };
  let flags = loaded;
  const unsaved = new Set<string>();
  const queue = inTurn();
  let [trouble, failures, isClosed, isOver] = ["", 0, false, false];
  let retry: NodeJS.Timeout | undefined;

  const look = async (): Promise<string | null> => {
    try {
      const onDisk = await disk.read(file);
      if (onDisk) flags = adopt(onDisk, flags, unsaved);
      return onDisk || flags.size === 0 ? null : `${file}: the file is gone`;
    } catch (error) {
      return `${file}: ${messageOf(error)}`;
    }
  };

  const saved = (snapshot: StoredFlags): void => {
    for (const flag of [...unsaved]) if (flags.get(flag) === snapshot.get(flag)) unsaved.delete(flag);
    if (failures > 0) log.info("the flag file is saved again", { target: name, file });
    [trouble, failures] = ["", 0];
  };

  const failed = (error: unknown): void => {
    failures += 1;
    trouble = messageOf(error);
    if (failures === 1)
      log.error("the flag file cannot be saved; it is served from memory and tried again", {
        target: name,
        file,
        problem: trouble,
      });
    if (isClosed) return;
    clearTimeout(retry);
    retry = setTimeout(save, Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))).unref();
  };

  const save = (): Promise<void> =>
    queue(async () => {
      if (unsaved.size > 0) await look();
      const snapshot = flags;
      if (unsaved.size === 0 || isOver) return;
      try {
        await disk.save(file, snapshot);
        saved(snapshot);
      } catch (error) {
        failed(error);
      }
    });

  return {
    get: (flag) => flags.get(flag),
    refresh: () => withinOr(lookMs, queue(look), `${file}: no answer within ${lookMs} ms`),
    isUnsaved: (flag) => unsaved.has(flag),
    lower: async (flag, stored) => {
      flags = new Map(flags).set(flag, stored);
      unsaved.add(flag);
      await withinOr(saveMs, save(), undefined);
    },
    raise: (flag, stored, from) =>
      queue(async () => {
        const before = flags.get(flag);
        if (from !== null && !isSame(from, before)) return false;
        await disk.save(file, new Map(flags).set(flag, stored));
        if (flags.get(flag) !== before) return false;
        flags = new Map(flags).set(flag, stored);
        return true;
      }),
    problem: () =>
      unsaved.size === 0
        ? ""
        : `${file}: not saved (${trouble || "no answer yet"}); ${[...unsaved].join(", ")} is served from memory until it is: make room, or make the file writable`,
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      if (unsaved.size > 0) await withinOr(saveMs, save(), undefined);
      // a disk that was too slow for the last try may not be written to once the file is somebody else's
      isOver = true;
    },
  };
};
