import { unreachable } from "../core/exhaustive.ts";
import type { Notice } from "../core/notice.ts";
import type { NoticeDue } from "../lifecycle/news.ts";
import { canaryReturnedNotice, drainedNotice, notRolledBackNotice } from "./drain-notices.ts";
import type { NoticeContext } from "./notice-draft.ts";
import { doneNotice, pageNotice, pauseNotice, rollbackFailedNotice, rollbackNotice, stageNotice } from "./notices.ts";

/** The words of what is due, about the migration of `context`. Ids are stable: the same news always has the same one. */
export const writeNotice = ({ at, inIncident, news }: NoticeDue, surroundings: Omit<NoticeContext, "at">): Notice => {
  const context: NoticeContext = { ...surroundings, at, incident: inIncident ? surroundings.incident : "" };
  const { migration } = context;
  switch (news.kind) {
    case "arrived":
      return news.stage < migration.stages.length ? stageNotice(context, news) : doneNotice(context, news);
    case "paused":
      return pauseNotice(context, news.verdict, news.share);
    case "page": {
      const { topic, reason } = news;
      return pageNotice(context, { topic, title: `${migration.name}: ${reason}`, summary: reason });
    }
    case "rolled-back":
      return rollbackNotice(context, news.cause, { ...migration.route, shareBefore: news.shareBefore }, news.flip);
    case "rollback-failed":
      return rollbackFailedNotice(
        context,
        news.cause,
        { ...migration.route, shareBefore: news.shareBefore },
        news.flip,
      );
    case "not-rolled-back":
      return notRolledBackNotice(context, news.drain, news.flippedAt);
    case "canary-returned":
      return canaryReturnedNotice(context, news);
    case "drained":
      return drainedNotice(context, news);
    default:
      return unreachable(news);
  }
};
