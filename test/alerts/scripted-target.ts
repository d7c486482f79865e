import type { FlagCapabilities, FlagReadFailure, RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import { ANY_CAPABILITIES } from "../doubles/fickle-flag-target.ts";

/** A flag system in memory with guards, whose answers can be replaced one call at a time. */
export interface ScriptedTarget extends RoutedFlag {
  readonly share: () => number;
  /** What somebody does to the flag by hand. */
  readonly changeByHand: (share: number) => void;
  /** Every write that was carried out: from which share to which. */
  readonly writes: readonly { readonly from: number; readonly to: number }[];
  /** Answers of the next reads, before the true ones. A function is called and its answer awaited. */
  readonly nextReads: (FlagState | FlagReadFailure | (() => Promise<FlagState>))[];
  /** Outcomes of the next writes, which then do not happen. `run` runs something before the write instead. */
  readonly nextWrites: (FlagWrite | (() => Promise<FlagWrite>) | { readonly run: () => void })[];
}

/** A flag named `model` that serves `share`. */
export const scriptedTarget = (start: number, capabilities: Partial<FlagCapabilities> = {}): ScriptedTarget => {
  let share = start;
  let revision = 1;
  const writes: { from: number; to: number }[] = [];
  const nextReads: ScriptedTarget["nextReads"] = [];
  const nextWrites: ScriptedTarget["nextWrites"] = [];
  const state = (): FlagState => ({ flag: "model", share, enabled: share > 0, revision: `r${revision}` });
  const set = (to: number): void => {
    share = to;
    revision += 1;
  };
  const write = (to: number, guard: { readonly revision: string } | null): FlagWrite => {
    if (share === to) return { outcome: "unchanged", state: state() };
    if (guard && guard.revision !== state().revision) {
      return { outcome: "failed", why: "conflict", detail: "changed in between", retryAfterMs: null };
    }
    writes.push({ from: share, to });
    set(to);
    return { outcome: "written", state: state() };
  };
  return {
    flag: "model",
    target: "prod",
    capabilities: { ...ANY_CAPABILITIES, ...capabilities },
    writes,
    nextReads,
    nextWrites,
    share: () => share,
    changeByHand: set,
    read: async () => {
      const next = nextReads.shift();
      return typeof next === "function" ? next() : (next ?? state());
    },
    setShare: async (to, guard) => {
      const next = nextWrites.shift();
      if (typeof next === "function") return next();
      if (next && "outcome" in next) return next;
      next?.run();
      return write(to, guard);
    },
    inspect: async () => ({
      state: state(),
      variants: [],
      mayWrite: true,
      mayWriteBecause: "",
      facts: [],
      problems: [],
    }),
  };
};
