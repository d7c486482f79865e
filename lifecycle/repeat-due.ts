import type { OpenCall } from "./state.ts";

/** An open critical incident that is to be told again. */
export interface RepeatDue {
  /** Which repeat it is, from 1. Those of a time when nobody could tell are left out, not made up for. */
  readonly nth: number;
  /** When it is due, epoch ms: the same in every agent. */
  readonly at: number;
  /** What people are called for since, epoch ms. */
  readonly since: number;
}

/** The newest repeat that is due at `now` (epoch ms), every `everyMs` until somebody acknowledges; null = none. Pure. */
export const repeatDue = (call: OpenCall | null, everyMs: number | null, now: number): RepeatDue | null => {
  if (call === null || everyMs === null || !call.isCritical || call.acknowledged !== null) return null;
  const nth = Math.floor((now - call.at) / everyMs);
  return nth < 1 ? null : { nth, at: call.at + nth * everyMs, since: call.at };
};

/** The newest critical thing told since people are called; null where nothing was yet, as before a flip has ended. */
export const repeatedOf = <Told extends { readonly at: number; readonly severity: string; readonly incident: string }>(
  told: readonly Told[],
  { since }: RepeatDue,
): Told | null =>
  told
    .filter(({ at, severity, incident }) => at >= since && severity === "critical" && incident !== "")
    .reduce<Told | null>((newest, next) => (newest === null || next.at >= newest.at ? next : newest), null);
