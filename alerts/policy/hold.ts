import type { Notice } from "../../core/notice.ts";
import { isUrgent } from "./is-urgent.ts";
import type { NotifyPolicy } from "./notify-policy.ts";
import { quietUntil } from "./quiet-hours.ts";

/** What a channel was told of a group, and is going to be. Epoch ms. */
export interface GroupStanding {
  /** When something of it was last delivered; null = never. */
  readonly lastSaid: number | null;
  /** When what waits for others is to be told; null = nothing waits. */
  readonly waiting: number | null;
}

/** What is told together: the notices of one incident, and those of one migration outside any. */
export const groupOf = ({ migration, incident }: Pick<Notice, "migration" | "incident">): string =>
  incident === "" ? migration : incident;

/** What a person set off and waits for. */
const ASKED_FOR: readonly string[] = ["test", "drill"];

/** True for what may be told later, together with others: not what is urgent, says who is at it or that it is over, or is a test or a drill. */
export const mayWait = (notice: Pick<Notice, "type" | "phase" | "isUrgent">): boolean =>
  !isUrgent(notice) && !ASKED_FOR.includes(notice.type) && (notice.phase === "open" || notice.phase === "update");

/**
 * Until when a notice waits in a channel, epoch ms; null = it does not. It joins those of its group that wait already; else it
 * waits `groupWait` for others, and until `groupInterval` after the group was last told of. News of a stage wait until the
 * quiet hours are over. Pure.
 */
export const holdUntil = (
  { groupWait, groupInterval, quietHours }: Pick<NotifyPolicy, "groupWait" | "groupInterval" | "quietHours">,
  notice: Pick<Notice, "type" | "phase" | "isUrgent">,
  { lastSaid, waiting }: GroupStanding,
  now: number,
): number | null => {
  if (!mayWait(notice)) return null;
  const next = Math.max(now + groupWait, lastSaid === null ? now : lastSaid + groupInterval);
  const together = waiting === null ? next : Math.min(waiting, next);
  const quiet = notice.type === "stage" && quietHours !== null ? quietUntil(quietHours, now) : null;
  const until = Math.max(together, quiet ?? now);
  return until > now ? until : null;
};
