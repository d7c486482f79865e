import { AGENT_SUBJECT, type NoticeLink, PAGE_LABEL } from "../core/notice.ts";
import { isLoopback } from "../http/listen-address.ts";

/** Leeway's dashboard in a Grafana. */
export interface DashboardPlace {
  /** Address of Grafana, http(s), with the path it is served under; what is behind `?` and `#` is not kept. */
  readonly url: string;
  /** Its uid. */
  readonly dashboard: string;
  /** Uid or name of the datasource; null = what Grafana takes by itself. */
  readonly datasource: string | null;
}

/** What a dashboard shows around what happened, ms: what led to it, and what came of it. */
const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 30 * 60_000;

/** Longest address that is linked. Receivers take from 2048 (browsers, mail) on; one that is cut leads nowhere. */
const MAX_URL = 2_000;

const httpUrl = (text: string): URL | null => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
};

/**
 * The page has a section for each migration, and for each monitor, under the name the ledger knows it by. What concerns the
 * agent itself stands at its top.
 */
const pageOf = (link: string, name: string): URL | null => {
  const url = httpUrl(link);
  if (url !== null && name !== "" && name !== AGENT_SUBJECT) url.hash = encodeURIComponent(name.toWellFormed());
  return url;
};

/** A link that only works where the agent runs says so: whoever is woken elsewhere must not wonder. */
const pageLabel = ({ hostname }: URL): string =>
  isLoopback(hostname.replace(/^\[|\]$/g, "")) ? `${PAGE_LABEL} (only on the agent's machine)` : PAGE_LABEL;

const dashboardUrl = (
  { url, dashboard, datasource }: DashboardPlace,
  { name, segment, from, to }: { name: string; segment: string; from: number; to: number },
): string => {
  const base = httpUrl(url);
  if (base === null) return "";
  base.pathname = `${base.pathname.replace(/\/+$/, "")}/d/${encodeURIComponent(dashboard)}`;
  base.hash = "";
  base.search = new URLSearchParams({
    from: String(Math.floor(from)),
    to: String(Math.ceil(to)),
    "var-migration": name.toWellFormed(),
    "var-segment": segment === "" ? "all" : segment.toWellFormed(),
    ...(datasource === null ? {} : { "var-datasource": datasource }),
  }).toString();
  return base.href;
};

/** Where a notice leads. */
export interface NoticeLinks {
  /** The agent's page, at the migration; empty when none is known. */
  readonly page: string;
  readonly all: readonly NoticeLink[];
}

/**
 * The agent's page, the dashboard from before `since` (null = when it happened) to after it, with the segment chosen, and
 * the document's runbook; what is not configured is left out. Names from production are encoded, and an address that
 * becomes too long is left out.
 */
export const noticeLinks = (
  {
    migration,
    at,
    link,
    dashboard,
  }: {
    readonly migration: { readonly name: string; readonly runbook?: string };
    readonly at: number;
    readonly link: string;
    readonly dashboard?: DashboardPlace | null;
  },
  { since, segment }: { readonly since: number | null; readonly segment: string },
): NoticeLinks => {
  const page = pageOf(link, migration.name);
  const window = { from: Math.min(since ?? at, at) - BEFORE_MS, to: at + AFTER_MS };
  const graph = dashboard ? dashboardUrl(dashboard, { name: migration.name, segment, ...window }) : "";
  const all = [
    ...(page === null ? [] : [{ label: pageLabel(page), url: page.href }]),
    { label: "Dashboard", url: graph },
    { label: "Runbook", url: migration.runbook ?? "" },
  ];
  return { page: page?.href ?? "", all: all.filter(({ url }) => url !== "" && url.length <= MAX_URL) };
};
