import type { Notice, NoticeSeverity, NoticeType } from "../../core/notice.ts";
import { clamp } from "../clamp.ts";
import { sectionText } from "../section-text.ts";
import { factsWithin } from "./facts-within.ts";
import { incidentKey } from "./incident-key.ts";
import { oneLine } from "./one-line.ts";
import { webLink } from "./web-link.ts";

/** An alert as Alertmanager's API v2 takes it. Its labels are its identity. */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** Labels that are made here; a configuration cannot set them. */
export const OWN_LABELS = ["alertname", "severity", "migration", "incident"] as const;

const NAME: Readonly<Record<NoticeType, string>> = {
  stage: "LeewayStage",
  pause: "LeewayPause",
  rollback: "LeewayRollback",
  page: "LeewayPage",
  drift: "LeewayDrift",
  drained: "LeewayDrained",
  ack: "LeewayAck",
  test: "LeewayTest",
  drill: "LeewayDrill",
};

const LIMIT = { label: 255, summary: 300, section: 4_000 } as const;
const FACTS = { label: 100, value: 1_000, bytes: 60_000 } as const;

/** What tells alerts of one incident apart. */
export interface AlertKind {
  readonly type: NoticeType;
  readonly severity: NoticeSeverity;
}

/** The labels of an alert; `fixed` are those of the configuration. An empty label would be none. */
export const alertLabels = (
  notice: Pick<Notice, "id" | "incident" | "migration">,
  { type, severity }: AlertKind,
  fixed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const migration = clamp(oneLine(notice.migration), LIMIT.label);
  return {
    ...fixed,
    alertname: NAME[type],
    severity,
    ...(migration === "" ? {} : { migration }),
    incident: incidentKey(notice, LIMIT.label),
  };
};

const annotationsOf = ({ title, sections, facts, links }: Notice): Readonly<Record<string, string>> => ({
  summary: clamp(oneLine(title), LIMIT.summary) || "–",
  description: [
    ...sections.map((section) => clamp(oneLine(sectionText(section)), LIMIT.section)),
    ...factsWithin(facts, FACTS).map(([label, value]) => `${label}: ${value}`),
    ...links
      .map(({ label, url }) => [oneLine(label), webLink(url)])
      .flatMap(([label, url]) => (url ? `${label}: ${url}` : [])),
  ].join("\n"),
});

/** The alert of a notice, firing until `endsAt` (epoch ms). Pure. Labels hold names only; all text is in annotations. */
export const firingAlert = (
  notice: Notice,
  endsAt: number,
  fixed: Readonly<Record<string, string>>,
): AlertmanagerAlert => {
  const link = webLink(notice.link);
  return {
    labels: alertLabels(notice, notice, fixed),
    annotations: annotationsOf(notice),
    // An alert that ends before it starts is refused; the clock of who wrote the notice may be ahead of ours.
    startsAt: new Date(Math.min(notice.at, endsAt)).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(link === "" ? {} : { generatorURL: link }),
  };
};

/** One alert for each set of labels: what was said last, since the first. */
export const firingAlerts = (
  notices: readonly Notice[],
  endsAt: number,
  fixed: Readonly<Record<string, string>>,
): readonly AlertmanagerAlert[] => {
  const alerts = new Map<string, AlertmanagerAlert>();
  for (const notice of notices) {
    const alert = firingAlert(notice, endsAt, fixed);
    const key = JSON.stringify(alert.labels);
    alerts.set(key, { ...alert, startsAt: alerts.get(key)?.startsAt ?? alert.startsAt });
  }
  return [...alerts.values()];
};
