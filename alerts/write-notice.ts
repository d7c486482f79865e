import { unreachable } from "../core/exhaustive.ts";
import type { Notice } from "../core/notice.ts";
import type { NoticeDue } from "../lifecycle/news.ts";
import { approvalDueNotice, halfApprovedNotice } from "./approval-notice.ts";
import { canaryReturnedNotice, drainedNotice, notRolledBackNotice } from "./drain-notices.ts";
import { drillNotice, drillOverNotice } from "./drill-notices.ts";
import { fellBackNotice } from "./fallback-notice.ts";
import { acknowledgedNotice, closedNotice } from "./incident-notices.ts";
import type { NoticeContext } from "./notice-draft.ts";
import {
  abandonedNotice,
  doneNotice,
  heldEntryNotice,
  pageNotice,
  pauseNotice,
  stageNotice,
  waitingNotice,
} from "./notices.ts";
import { pageWords } from "./page-words.ts";
import { retirementNotice } from "./retirement-notice.ts";
import { revisionGoneNotice, revisionPendingNotice } from "./revision-notices.ts";
import { rollbackFailedNotice, rollbackNotice } from "./rollback-notices.ts";
import { shadowStoppedNotice } from "./shadow-notice.ts";

/** The words of what is due, about the migration of `context`. Ids are stable: the same news always has the same one. */
export const writeNotice = (
  { at, inIncident, incident = "", news }: NoticeDue,
  surroundings: Omit<NoticeContext, "at">,
): Notice => {
  const own = incident === "" ? surroundings.incident : incident;
  const context: NoticeContext = { ...surroundings, at, incident: inIncident ? own : "" };
  const { migration } = context;
  switch (news.kind) {
    case "arrived":
      if (news.stage < 0) return news.asks ? waitingNotice(context, news) : heldEntryNotice(context, news);
      return news.stage < migration.stages.length ? stageNotice(context, news) : doneNotice(context, news);
    case "paused":
      return pauseNotice(context, news.verdict, news.share);
    case "shadow-stopped":
      return shadowStoppedNotice(context, news);
    case "page":
      return pageNotice(context, { topic: news.topic, ...pageWords(migration.name, news) });
    case "acknowledged":
      return acknowledgedNotice(context, news);
    case "closed":
      return closedNotice(context, news);
    case "retiring":
      return retirementNotice(context, news);
    case "revision-pending":
      return revisionPendingNotice(context, news);
    case "revision-gone":
      return revisionGoneNotice(context, news);
    case "approval-due":
      return approvalDueNotice(context, news);
    case "half-approved":
      return halfApprovedNotice(context, news);
    case "abandoned":
      return abandonedNotice(context, news);
    case "rolled-back":
      return rollbackNotice(context, news.cause, { ...migration.route, shareBefore: news.shareBefore }, news.flip);
    case "rollback-failed":
      return rollbackFailedNotice(
        context,
        news.cause,
        { ...migration.route, shareBefore: news.shareBefore },
        news.flip,
      );
    case "fell-back":
      return fellBackNotice(context, news);
    case "not-rolled-back":
      return notRolledBackNotice(context, news.cause, news.drain, news.flippedAt);
    case "canary-returned":
      return canaryReturnedNotice(context, news);
    case "drilled":
      return drillNotice(context, news.drill);
    case "drill-over":
      return drillOverNotice(context, news.drill);
    case "drained":
      return drainedNotice(context, news);
    default:
      return unreachable(news);
  }
};
