import { membersOf } from "../../core/exhaustive.ts";

/** `unused`: nothing depends on it, so that nothing was asked. */
export type LiveState = "wrong" | "unknown" | "ok" | "unused";

/** What `leeway check --live` found at one place. */
export interface LiveLine {
  /** `flags.prod, flag model of m`. */
  readonly place: string;
  readonly state: LiveState;
  /** What is so, and what to do; one line without secrets. */
  readonly text: string;
}

/** Every state, the worst first. */
export const LIVE_STATES: readonly [LiveState, ...LiveState[]] = membersOf<LiveState>({
  wrong: true,
  unknown: true,
  ok: true,
  unused: true,
});

/** The worst of what was found. */
export const worstOf = (lines: readonly LiveLine[]): LiveState =>
  LIVE_STATES.find((state) => lines.some((line) => line.state === state)) ?? "unused";
