import { repeatedNotice } from "../alerts/incident-notices.ts";
import type { NoticeContext } from "../alerts/notice-draft.ts";
import { writeNotice } from "../alerts/write-notice.ts";
import type { Migration } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import { noticesDue } from "../lifecycle/notices-due.ts";
import { repeatDue, repeatedOf } from "../lifecycle/repeat-due.ts";
import { standingOf } from "../lifecycle/standing.ts";
import type { MigrationHistory } from "./migration-history.ts";

/**
 * Every notice the ledger calls for, oldest first, and the newest repeat of an open incident that nobody acknowledged. `now` is
 * epoch ms; `repeatMs` null = nothing is repeated.
 */
export const noticesToTell = (
  migration: Migration,
  history: Pick<MigrationHistory, "state" | "entries">,
  place: Pick<NoticeContext, "incident" | "link" | "dashboard">,
  { repeatMs, now }: { readonly repeatMs: number | null; readonly now: number },
): readonly Notice[] => {
  const state = history.state();
  const context = { ...place, migration, startedWith: state.startedWith ?? migration.hash };
  const notices = noticesDue(migration, state, history.entries()).map((due) => writeNotice(due, context));
  const again = repeatDue(state.call, repeatMs, now);
  const original = again === null ? null : repeatedOf(notices, again);
  if (again === null || original === null || repeatMs === null) return notices;
  const standing = standingOf(migration, state, now);
  return [...notices, repeatedNotice(original, again, { standing, everyMs: repeatMs })];
};
