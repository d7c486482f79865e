import type { FlagCapabilities, RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";

/**
 * How the flag system behaves. `work`: as it should. `fail`: refuses reads and writes. `refuse-writes`: reads work.
 * `hang`: never answers. `lie`: says a write is done and changes nothing. `blind`: takes writes, refuses reads.
 * `contested`: somebody else writes right before each write.
 */
export type FlagMood = "work" | "fail" | "refuse-writes" | "hang" | "lie" | "blind" | "contested";

/** A flag system in memory that can fail, hang and lie. */
export interface FickleFlagTarget extends RoutedFlag {
  readonly behave: (mood: FlagMood) => void;
  readonly share: () => number;
  /** What a person does to the flag by hand. */
  readonly setByHand: (share: number) => void;
  /** Shares that were written, in order; what changed nothing is not in it. */
  readonly writes: readonly number[];
}

/** Everything at once, to the last thousandth. */
export const ANY_CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: true,
  shareStep: 0,
  propagationMs: 0,
  pollMs: 0,
};

const FAILED = { outcome: "failed", why: "transient", detail: "the flag system is down", retryAfterMs: null } as const;
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** A flag that is off and called `model` on `prod`, if nothing else is said. */
export const fickleFlagTarget = (
  capabilities: Partial<FlagCapabilities> = {},
  {
    flag = "model",
    target = "prod",
    share: first = 0,
  }: { readonly flag?: string; readonly target?: string; readonly share?: number } = {},
): FickleFlagTarget => {
  let [mood, share, revision]: [FlagMood, number, number] = ["work", first, 1];
  const writes: number[] = [];
  const state = (of = share): FlagState => ({ flag, share: of, enabled: of > 0, revision: `r${revision}` });
  const set = (to: number): void => {
    share = to;
    revision += 1;
  };
  const write = (to: number, guard: { readonly revision: string } | null, again: boolean): FlagWrite => {
    if (share === to && !again) return { outcome: "unchanged", state: state() };
    if (guard !== null && guard.revision !== `r${revision}`) return { ...FAILED, why: "conflict", detail: "changed" };
    writes.push(to);
    set(to);
    return { outcome: "written", state: state() };
  };
  return {
    flag,
    target,
    capabilities: { ...ANY_CAPABILITIES, ...capabilities },
    writes,
    behave: (next) => {
      mood = next;
    },
    share: () => share,
    setByHand: set,
    read: async () => {
      if (mood === "hang") return never();
      return mood === "fail" || mood === "blind" ? FAILED : state();
    },
    setShare: async (to, guard, again = false) => {
      if (mood === "hang") return never();
      if (mood === "fail" || mood === "refuse-writes") return FAILED;
      if (mood === "contested") set(share);
      return mood === "lie" ? { outcome: "written", state: state(to) } : write(to, guard, again);
    },
    inspect: async () => {
      if (mood === "hang") return never();
      if (mood === "fail" || mood === "blind") return FAILED;
      const isRefused = mood === "refuse-writes";
      return {
        state: state(),
        variants: [],
        mayWrite: !isRefused,
        mayWriteBecause: isRefused ? "writes are refused" : "",
        facts: [],
        problems: [],
      };
    },
  };
};
