import type { MutedNotice } from "../alerts/muted-notices.ts";
import type { Silence } from "../alerts/policy/silences.ts";
import { utcStamp } from "../core/utc-text.ts";
import type { SilenceView } from "./status-view.ts";

/** Silences with what they kept from people. A notice that several channels were to carry counts once. */
export const silenceViews = (silences: readonly Silence[], muted: readonly MutedNotice[]): readonly SilenceView[] =>
  silences.map(({ id, subject, types, until, by, reason }) => {
    const notices = new Set(muted.filter(({ silence }) => silence === id).map(({ notice }) => notice));
    return { id, subject, types, until, by, reason, muted: notices.size };
  });

/** One silence in one line. */
export const silenceText = ({ id, subject, types, until, by, reason, muted }: SilenceView): string =>
  `${subject}${types.length === 0 ? "" : ` (${types.join(", ")})`} until ${utcStamp(until)}, by ${by}: ${reason}; ${muted === 1 ? "1 notice" : `${muted} notices`} muted; leeway unsilence ${id}`;
