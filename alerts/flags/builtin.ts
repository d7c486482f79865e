import { createHash } from "node:crypto";
import { z } from "zod";
import { type Audience, ofAudience, raisesNothing } from "../../core/audience.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import { type ConversationArms, createConversationArms } from "./conversation-arms.ts";
import { createConversationLog } from "./conversation-log.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import { FLAG_FILE, type FlagFile, OFF, type StoredFlag, type StoredFlags } from "./flag-file.ts";
import { createFlagStore, type FlagStoreParts } from "./flag-store.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  type FlagTarget,
  flagFailure,
  isReadFailure,
  sameExposure,
} from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import type { ServedFlag } from "./ofrep.ts";
import { audienceFacts } from "./plain-audience.ts";

/** Configuration of the flag system that comes with Leeway: the agent itself serves the flag over OFREP. */
export interface BuiltinConfig extends FlagTargetConfig {
  readonly type: "builtin";
  /** The JSON file that remembers the shares; relative to the working directory. Default `.leeway/flags.json`. */
  readonly file: string;
}

/** The flag system inside the agent: a target, and the flags for the OFREP endpoint. */
export interface BuiltinTarget extends FlagTarget {
  /** See RoutedFlag: the same, by name, also for a flag that no route names. */
  readonly read: (flag: string) => Promise<FlagState | FlagReadFailure>;
  readonly setShare: (
    flag: string,
    share: number,
    guard: { readonly revision: string } | null,
    again?: boolean,
    audience?: Audience | null,
  ) => Promise<FlagWrite>;
  /** Declares a flag and what it evaluates to. A flag never written before is off. May be repeated. */
  readonly define: (flag: string, values: VariantValues) => void;
  /** The declared flags as they are served at this moment, for `handleOfrep`. */
  readonly served: () => ReadonlyMap<string, ServedFlag>;
}

/** It is asked at every evaluation, in this process. */
const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: true,
  guards: true,
  shareStep: 0,
  propagationMs: 0,
  pollMs: 0,
};

/** True when the agent serves this target's flags itself. */
export const isBuiltinTarget = (target: FlagTarget): target is BuiltinTarget => "served" in target;

/** The revision covers the whole entry, so that a share edited by hand in the file is another revision too. */
const toState = (flag: string, stored: StoredFlag): FlagState => ({
  flag,
  share: stored.share,
  ...(stored.share > 0 && stored.audience !== undefined ? { audience: stored.audience } : {}),
  enabled: stored.share > 0,
  revision: createHash("sha256")
    .update(`${stored.writes}:${stored.share}${stored.audience === undefined ? "" : JSON.stringify(stored.audience)}`)
    .digest("hex")
    .slice(0, 16),
});

/** What is to be kept of a share for an audience: off is off for everybody. */
const exposureOf = (share: number, audience: Audience | null): Omit<StoredFlag, "writes"> => ({
  share,
  ...(share > 0 && audience !== null ? { audience } : {}),
});

const loadAtStart = (file: string, disk: FlagFile): StoredFlags => {
  try {
    return disk.load(file) ?? new Map();
  } catch (cause) {
    const advice = "restore the file, or delete it and every flag starts switched off";
    throw new LeewayError("flag-target", `${file}: no readable flag file (${messageOf(cause)}); ${advice}`, { cause });
  }
};

const conversationFacts = (arms: ConversationArms | undefined): FlagReport["facts"] =>
  arms === undefined ? [] : [["Conversations", `${arms.counts().known} keep the arm they began with`]];

const conversationProblems = (arms: ConversationArms | undefined): readonly string[] => {
  const { forgottenEarly } = arms?.counts() ?? { forgottenEarly: 0 };
  if (forgottenEarly === 0) return [];
  return [
    `${forgottenEarly} conversations were forgotten before their day was over, because there are too many: those that still run may change their arm when the share rises; pin them in the app (pinConversation)`,
  ];
};

/**
 * Flag system for teams without one: shares live in a JSON file, written atomically and read back from disk, so they
 * survive kill -9. `name` is the target's name in leeway.yaml, default "builtin".
 *
 * A lower share is served at once and saved after: a full disk must not keep the candidate in the traffic. A higher one
 * is saved first. Otherwise what is served is what the file says: a hand edit is adopted at the next read, but for a
 * raise while a lower share is not saved yet. `read` tells what is served; while the file is damaged or gone it fails,
 * the last good state is served on, and a write (a rollback must work now) rewrites the file from it.
 * `conversations` remembers which arm each conversation began with; without it every evaluation goes by the share alone.
 * Throws LeewayError `flag-target` when the file is damaged at start.
 */
export const createBuiltinTarget = (
  { file, name = "builtin" }: { readonly file: string; readonly name?: string },
  parts: FlagStoreParts & { readonly conversations?: ConversationArms },
): BuiltinTarget => {
  const { log, disk = FLAG_FILE, conversations } = parts;
  const store = createFlagStore({ file, name, loaded: loadAtStart(file, disk) }, parts);
  const values = new Map<string, VariantValues>();
  const current = (flag: string): FlagState => toState(flag, store.get(flag) ?? OFF);
  const known = (flag: string): FlagState | FlagReadFailure =>
    values.has(flag) || store.get(flag) ? current(flag) : flagFailure("not-found", `no flag ${JSON.stringify(flag)}`);

  const served = ({ share, audience }: FlagState): string => `${share}${ofAudience(audience)}`;

  const write = async (flag: string, wanted: Omit<StoredFlag, "writes">, isGuarded: boolean): Promise<FlagWrite> => {
    const before = store.get(flag) ?? OFF;
    const stored = { ...wanted, writes: before.writes + 1 };
    try {
      if (raisesNothing(before, wanted)) await store.lower(flag, stored);
      else if (!(await store.raise(flag, stored, isGuarded ? before : null)))
        return flagFailure("conflict", `the flag was changed in between; it now serves ${served(current(flag))}`);
      return { outcome: "written", state: current(flag) };
    } catch (error) {
      return flagFailure("transient", `${file}: ${messageOf(error)}`);
    }
  };

  const setShare: BuiltinTarget["setShare"] = async (flag, share, guard, again = false, audience = null) => {
    if (!(share >= 0 && share <= 1)) return flagFailure("permanent", `share ${share} is not between 0 and 1`);
    const damage = await store.refresh();
    const state = known(flag);
    if ("outcome" in state) return state;
    const wanted = exposureOf(share, audience);
    if (!damage && !again && sameExposure(state, wanted)) return { outcome: "unchanged", state };
    if (guard && guard.revision !== state.revision) {
      return flagFailure("conflict", `the flag was changed in between; it now serves ${served(state)}`);
    }
    if (damage && !store.isUnsaved(flag))
      log.warn("rewriting the flag file from the last good state", { target: name, damage });
    return write(flag, wanted, guard !== null);
  };

  const read: BuiltinTarget["read"] = async (flag) => {
    const damage = await store.refresh();
    return damage && !store.isUnsaved(flag) ? flagFailure("transient", damage) : known(flag);
  };

  const inspect = async (flag: string, { baseline, canary }: VariantValues): Promise<FlagReport | FlagReadFailure> => {
    const state = await read(flag);
    if (isReadFailure(state)) return state;
    const unsaved = store.problem();
    return {
      state,
      variants: [
        { arm: "baseline", name: "baseline", value: baseline },
        { arm: "canary", name: "canary", value: canary },
      ],
      mayWrite: unsaved === "",
      mayWriteBecause: unsaved === "" ? "the agent serves it itself" : unsaved,
      facts: [["File", file], ...audienceFacts(state.audience), ...conversationFacts(conversations)],
      problems: conversationProblems(conversations),
    };
  };

  const define: BuiltinTarget["define"] = (flag, variants) => void values.set(flag, variants);

  return {
    name,
    read,
    setShare,
    define,
    bind: (route, variants) => {
      define(route.flag, variants);
      return {
        ...route,
        capabilities: CAPABILITIES,
        read: () => read(route.flag),
        setShare: (share, guard, again, audience) => setShare(route.flag, share, guard, again, audience),
        inspect: () => inspect(route.flag, variants),
      };
    },
    served: () =>
      new Map(
        [...values].map(([flag, v]) => [
          flag,
          { state: current(flag), values: v, ...(conversations && { conversations }) },
        ]),
      ),
    problem: () => [store.problem(), conversations?.problem() ?? ""].filter((text) => text !== "").join("; "),
    close: async () => void (await Promise.all([store.close(), conversations?.close()])),
  };
};

/** The flag target type `builtin`. Version 0.1 called it after the protocol it serves. */
export const builtin: FlagTargetType<BuiltinConfig> = {
  type: "builtin",
  formerTypes: ["ofrep"],
  files: ["file"],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal(["builtin", "ofrep"]).transform(() => "builtin" as const),
    file: z.string().min(1).default(".leeway/flags.json"),
  }),
  create: (name, { file }, { log, now }) => {
    const conversations = createConversationArms({ now, log: createConversationLog(`${file}.conversations`, { log }) });
    return createBuiltinTarget({ file, name }, { log, conversations });
  },
};
