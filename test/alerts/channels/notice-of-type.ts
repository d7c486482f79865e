import { NOTICE_STANDING, type Notice, type NoticeType } from "../../../core/notice.ts";
import { aNotice } from "../a-notice.ts";

/** A notice of a type as golden files show it: with the severity and the phase notices of that type have. */
export const noticeOfType = (type: NoticeType): Notice =>
  aNotice({ type, ...NOTICE_STANDING[type], id: `support-bot/incident-1/${type}`, title: `A notice of type ${type}` });

/** Where the golden file of one channel and type of notice is. */
export const goldenFile = (channel: string, type: NoticeType): string => `./golden/${channel}/${type}.txt`;
