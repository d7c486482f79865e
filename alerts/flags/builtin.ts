import { createHash } from "node:crypto";
import { z } from "zod";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Log } from "../../core/log.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import { loadFlags, readFlags, type StoredFlag, type StoredFlags, saveFlags } from "./flag-file.ts";
import { type FlagReadFailure, type FlagTarget, sameShare } from "./flag-target.ts";
import type { ServedFlag } from "./ofrep.ts";

/** Configuration of the target in which the agent itself serves the flag over OFREP. */
export interface BuiltinConfig {
  readonly type: "ofrep";
  /** The JSON file that remembers the shares; relative to the working directory. Default `.leeway/flags.json`. */
  readonly file: string;
}

/** Schema of {@link BuiltinConfig}. */
export const builtinConfig: z.ZodType<BuiltinConfig> = z.strictObject({
  type: z.literal("ofrep"),
  file: z.string().min(1).default(".leeway/flags.json"),
});

/** The flag system inside the agent: a target, and the flags for the OFREP endpoint. */
export interface BuiltinTarget extends FlagTarget {
  /** Declares a flag and what it evaluates to. A flag never written before is off. May be repeated. */
  readonly define: (flag: string, values: VariantValues) => void;
  /** The declared flags as they are served at this moment, for `handleOfrep`. */
  readonly served: () => ReadonlyMap<string, ServedFlag>;
}

/** True when the agent serves this target's flags itself. */
export const isBuiltinTarget = (target: FlagTarget): target is BuiltinTarget => "served" in target;

const OFF: StoredFlag = { share: 0, writes: 0 };

/** The revision covers the whole entry, so that a share edited by hand in the file is another revision too. */
const toState = (flag: string, stored: StoredFlag): FlagState => ({
  flag,
  share: stored.share,
  enabled: stored.share > 0,
  revision: createHash("sha256").update(`${stored.writes}:${stored.share}`).digest("hex").slice(0, 16),
});

const failed = (why: FlagReadFailure["why"], detail: string): FlagReadFailure => ({
  outcome: "failed",
  why,
  detail,
  retryAfterMs: null,
});

const loadAtStart = (file: string): StoredFlags => {
  try {
    return loadFlags(file) ?? new Map();
  } catch (cause) {
    const advice = "restore the file, or delete it and every flag starts switched off";
    throw new LeewayError("flag-target", `${file}: no readable flag file (${messageOf(cause)}); ${advice}`, { cause });
  }
};

/** One task after the other: two writes at once would each lose the other's flag. */
const createQueue = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };
};

/** The flags in memory and on disk: memory is what is served, disk is what is true. */
const createFlagStore = (file: string) => {
  let flags = loadAtStart(file);
  return {
    get: (flag: string): StoredFlag | undefined => flags.get(flag),
    /** Adopts what is on disk. Null, or what is wrong with the file; the last good state then stays. */
    refresh: async (): Promise<string | null> => {
      try {
        const onDisk = await readFlags(file);
        if (onDisk) flags = onDisk;
        return onDisk || flags.size === 0 ? null : `${file}: the file is gone`;
      } catch (error) {
        return `${file}: ${messageOf(error)}`;
      }
    },
    put: async (flag: string, stored: StoredFlag): Promise<void> => {
      const next = new Map(flags).set(flag, stored);
      await saveFlags(file, next);
      flags = next;
    },
  };
};

/**
 * Flag system for teams without one: shares live in a JSON file, written atomically and read back from disk, so they
 * survive kill -9. `name` is the target's name in leeway.yaml, default "builtin".
 *
 * What is served is what the file says: a hand edit is adopted at the next read. While the file is damaged or gone,
 * `read` fails, the last good state is served on, and a write (a rollback must work now) rewrites the file from it.
 * Throws LeewayError `flag-target` when the file is damaged at start.
 */
export const createBuiltinTarget = (
  { file, name = "builtin" }: { readonly file: string; readonly name?: string },
  { log }: { readonly log: Log },
): BuiltinTarget => {
  const store = createFlagStore(file);
  const values = new Map<string, VariantValues>();
  const queue = createQueue();
  const current = (flag: string): FlagState => toState(flag, store.get(flag) ?? OFF);
  const known = (flag: string): FlagState | FlagReadFailure =>
    values.has(flag) || store.get(flag) ? current(flag) : failed("not-found", `no flag ${JSON.stringify(flag)}`);

  const write = async (flag: string, share: number): Promise<FlagWrite> => {
    try {
      await store.put(flag, { share, writes: (store.get(flag)?.writes ?? 0) + 1 });
      return { outcome: "written", state: current(flag) };
    } catch (error) {
      return failed("transient", `${file}: ${messageOf(error)}`);
    }
  };

  const setShare: FlagTarget["setShare"] = async (flag, share, guard) => {
    if (!(share >= 0 && share <= 1)) return failed("permanent", `share ${share} is not between 0 and 1`);
    const damage = await store.refresh();
    if (damage) log.warn("rewriting the flag file from the last good state", { target: name, damage });
    const state = known(flag);
    if ("outcome" in state) return state;
    if (!damage && sameShare(state.share, share)) return { outcome: "unchanged", state };
    if (guard && guard.revision !== state.revision) {
      return failed("conflict", `the flag was changed in between; it now serves ${state.share}`);
    }
    return write(flag, share);
  };

  const read: FlagTarget["read"] = async (flag) => {
    const damage = await store.refresh();
    return damage ? failed("transient", damage) : known(flag);
  };

  return {
    name,
    read: (flag) => queue(() => read(flag)),
    setShare: (flag, share, guard) => queue(() => setShare(flag, share, guard)),
    define: (flag, variants) => void values.set(flag, variants),
    served: () => new Map([...values].map(([flag, v]) => [flag, { state: current(flag), values: v }])),
  };
};
