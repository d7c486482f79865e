import type { LedgerEntry } from "../core/ledger.ts";
import { AGENT_SUBJECT, type Notice } from "../core/notice.ts";
import { utcStamp } from "../core/utc-text.ts";
import type { ChannelFailure } from "./channel-health.ts";
import { finishNotice } from "./notice-draft.ts";

/** A notice about a channel, which is not for that channel. */
export interface ChannelNews {
  readonly notice: Notice;
  readonly channel: string;
}

const PREFIX = "channel/";
const FAILING = "/failing";

const incidentOf = (channel: string, since: number): string => `${PREFIX}${channel}/${since}`;

const about = (incident: string, at: number, link: string) => ({
  migration: { name: AGENT_SUBJECT },
  incident,
  at,
  link,
});

/** What to do about a channel that fails, one line. */
export const failureText = ({ channel, isFinal, since, why, notice, lost }: ChannelFailure): string =>
  !isFinal
    ? `channel ${channel} has not taken ${notice} since ${utcStamp(since)}: ${why}; it is tried again: see that its receiver is up, then leeway test-alert ${channel}`
    : `channel ${channel} fails for good since ${utcStamp(since)}: ${why} (${lost === 1 ? "" : `${lost} notices lost, the last `}${notice}); nobody is reached through it: mend it, then leeway test-alert ${channel}`;

/** `page`: a channel fails. Id: `channel/<name>/<since>/failing`. */
const failedNotice = (failure: ChannelFailure, link: string): Notice => {
  const { channel, isFinal, since, why, notice } = failure;
  const incident = incidentOf(channel, since);
  return finishNotice(about(incident, since, link), {
    type: "page",
    severity: "warning",
    id: `${incident}${FAILING}`,
    title: `Channel ${channel} fails: nobody is reached through it`,
    summary: isFinal
      ? [`A notice was lost there for good: ${why}.`, "What comes next is tried there all the same."]
      : [`Since ${utcStamp(since)} a notice has not been taken there: ${why}.`, "It is tried again and again."],
    next: [`Mend the channel or its receiver, then: leeway test-alert ${channel}`],
    facts: [
      ["Channel", channel],
      ["Answer", why],
      ["Notice", notice],
    ],
  });
};

/** `page`, resolving: the channel delivers again, or is not configured any more. Id: `channel/<name>/<since>/healed`. */
const healedNotice = (channel: string, incident: string, at: number, isConfigured: boolean, link: string): Notice =>
  finishNotice(about(incident, at, link), {
    type: "page",
    severity: "info",
    phase: "resolve",
    id: `${incident}/healed`,
    title: isConfigured ? `Channel ${channel} works again` : `Channel ${channel} is configured no more`,
    summary: [isConfigured ? "A notice was delivered through it." : "Nothing is sent through it any more."],
    facts: [["Channel", channel]],
  });

/** The channel of an incident that the ledger tells of; null for another kind of incident. */
const channelOf = (incident: string): string | null => {
  const end = incident.lastIndexOf("/");
  return incident.startsWith(PREFIX) && end > PREFIX.length ? incident.slice(PREFIX.length, end) : null;
};

/** What is known of the channels. */
export interface ChannelsNow {
  readonly failures: readonly ChannelFailure[];
  /** The names of those that leeway.yaml has. */
  readonly configured: readonly string[];
  /** When a channel last delivered, epoch ms; null where nothing is known of a delivery. */
  readonly deliveredAt: (channel: string) => number | null;
}

/**
 * What has to be told of the channels, given what `entries` (the agent's own ledger) say was told before: that one fails once, for
 * however many reasons, and once that it does no more. Nothing known of a failure is no end of it: after a restart, or beside
 * another agent, it may not have been read yet. `now` is epoch ms. Pure.
 */
export const channelNews = (
  { failures, configured, deliveredAt }: ChannelsNow,
  entries: readonly LedgerEntry[],
  { now, link }: { readonly now: number; readonly link: string },
): readonly ChannelNews[] => {
  const told = entries.flatMap(({ event }) => (event.type === "notice" ? [event.notice] : []));
  const open = told.filter(
    ({ id, incident }) =>
      id === `${incident}${FAILING}` && !told.some((other) => other.incident === incident && other.phase === "resolve"),
  );
  const isOpen = (channel: string): boolean => open.some(({ incident }) => channelOf(incident) === channel);
  const failing = failures.map((failure) => ({ notice: failedNotice(failure, link), channel: failure.channel }));
  const healed = open.flatMap(({ incident }) => {
    const channel = channelOf(incident);
    if (channel === null || failing.some((each) => each.channel === channel)) return [];
    const isConfigured = configured.includes(channel);
    const since = Number(incident.slice(incident.lastIndexOf("/") + 1));
    if (isConfigured && (deliveredAt(channel) ?? Number.NEGATIVE_INFINITY) < since) return [];
    return [{ notice: healedNotice(channel, incident, now, isConfigured, link), channel }];
  });
  const isNews = ({ notice, channel }: ChannelNews): boolean =>
    !isOpen(channel) && !told.some(({ id }) => id === notice.id);
  return [...failing.filter(isNews), ...healed];
};
