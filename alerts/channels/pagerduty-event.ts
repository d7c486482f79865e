import type { Notice, NoticePhase, NoticeSeverity, NoticeType } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { factsWithin } from "./facts-within.ts";
import { incidentKey } from "./incident-key.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

/** What an alert event does to the alert of its key. */
export type PagerDutyAction = "trigger" | "acknowledge" | "resolve";

interface Payload {
  readonly summary: string;
  readonly source: string;
  readonly timestamp: string;
  readonly custom_details: Readonly<Record<string, string>>;
}

interface EventLink {
  readonly href: string;
  readonly text: string;
}

/** An event as PagerDuty's Events API v2 takes it, but for the routing key. */
export type PagerDutyEvent =
  | {
      readonly kind: "alert";
      readonly body: {
        readonly event_action: PagerDutyAction;
        readonly dedup_key: string;
        readonly client: string;
        readonly client_url?: string;
        readonly links: readonly EventLink[];
        readonly payload: Payload & {
          readonly severity: "critical" | "error" | "warning" | "info";
          readonly group?: string;
          readonly class: string;
        };
      };
    }
  | {
      readonly kind: "change";
      readonly body: {
        readonly links: readonly EventLink[];
        readonly payload: Payload;
      };
    };

/** A change of the rollout is a change event, which wakes nobody; all else is an alert. */
const KIND: Readonly<Record<NoticeType, PagerDutyEvent["kind"]>> = {
  stage: "change",
  pause: "alert",
  rollback: "alert",
  page: "alert",
  drift: "alert",
  drained: "alert",
  ack: "alert",
  test: "alert",
  drill: "alert",
};

const ACTION: Readonly<Record<NoticePhase, PagerDutyAction>> = {
  open: "trigger",
  // Triggered again it says more about the same alert, and opens it where it was closed meanwhile.
  update: "trigger",
  acknowledge: "acknowledge",
  resolve: "resolve",
};

const SEVERITY: Readonly<Record<NoticeSeverity, "critical" | "warning" | "info">> = {
  critical: "critical",
  warning: "warning",
  info: "info",
};

// PagerDuty's limits: key 255, summary 1024 characters, the whole 512,000 bytes. A character of ours is at most six bytes
// of JSON, so that facts of 380,000 bytes leave room for all else.
const LIMIT = { key: 255, summary: 1_024, group: 200, label: 100, links: 10 } as const;
const FACTS = { label: 200, value: 4_000, bytes: 380_000 } as const;

const detailsOf = ({ sections, facts }: Notice): Payload["custom_details"] =>
  Object.fromEntries(factsWithin([...sections, ...facts], FACTS));

const payloadOf = (notice: Notice): Payload => ({
  summary: clamp(oneLine(notice.title), LIMIT.summary) || "–",
  source: clamp(oneLine(notice.migration), LIMIT.group) || "leeway",
  timestamp: new Date(notice.at).toISOString(),
  custom_details: detailsOf(notice),
});

const linksOf = ({ links }: Notice): readonly EventLink[] =>
  links
    .map(({ label, url }) => ({ href: webLink(url), text: clamp(oneLine(label), LIMIT.label) || "–" }))
    .filter(({ href }) => href !== "")
    .slice(0, LIMIT.links);

/** The event of a notice. Pure. What is too long is cut with a visible mark. */
export const pagerDutyEvent = (notice: Notice): PagerDutyEvent => {
  const href = webLink(notice.link);
  const links = linksOf(notice);
  const payload = payloadOf(notice);
  const kind = KIND[notice.type];
  if (kind === "change") return { kind, body: { payload, links } };
  return {
    kind,
    body: {
      event_action: ACTION[notice.phase],
      dedup_key: incidentKey(notice, LIMIT.key),
      client: "Leeway",
      ...(href === "" ? {} : { client_url: href }),
      links,
      payload: {
        ...payload,
        severity: SEVERITY[notice.severity],
        ...(notice.migration === "" ? {} : { group: payload.source }),
        class: notice.type,
      },
    },
  };
};
