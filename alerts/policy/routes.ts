import type { Notice } from "../../core/notice.ts";
import { matchesGlob } from "./glob.ts";
import { isUrgent } from "./is-urgent.ts";
import type { NoticeSubject, NotifyPolicy, NotifyRoute, RouteMatch } from "./notify-policy.ts";

const isAmong = (patterns: readonly string[], text: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matchesGlob(pattern, text));

const takes = (
  match: RouteMatch,
  { migration, severity }: Pick<Notice, "migration" | "severity">,
  { owner, environment }: NoticeSubject,
): boolean =>
  isAmong(match.migration, migration) &&
  isAmong(match.owner, owner) &&
  isAmong(match.environment, environment) &&
  (match.severity.length === 0 || match.severity.includes(severity));

/** The routes that take a notice, in their order: the first that matches, and on from there where it says so. */
const taking = (
  { routes }: NotifyPolicy,
  notice: Pick<Notice, "migration" | "severity">,
  subject: NoticeSubject,
): readonly NotifyRoute[] => {
  const matching = routes.filter(({ match }) => takes(match, notice, subject));
  const last = matching.findIndex(({ continue: goesOn }) => !goesOn);
  return last === -1 ? matching : matching.slice(0, last + 1);
};

/** What a notice waits in a channel: as the first route says that leads it there, or else the policy. */
export const waitsIn = (
  policy: NotifyPolicy,
  notice: Pick<Notice, "migration" | "severity">,
  subject: NoticeSubject,
  channel: string,
): Pick<NotifyPolicy, "groupWait" | "groupInterval"> => {
  const route = taking(policy, notice, subject).find(({ channels }) => channels.includes(channel));
  return {
    groupWait: route?.groupWait ?? policy.groupWait,
    groupInterval: route?.groupInterval ?? policy.groupInterval,
  };
};

/** A channel, as far as it is chosen by. */
export interface Candidate {
  readonly name: string;
  /** True where it was given a notice of the incident before. */
  readonly hasIncident: boolean;
}

/**
 * Whom a notice goes to, of those who carry its type, in their order. An acknowledgement, and that a person ended it, go where
 * the incident went and nowhere else; what ends an incident goes there as well as where its routes lead; a test goes to all, a drill to whom a rollback would. What is urgent
 * never ends at a route that leads to nobody who carries it: then it goes to everybody who does.
 */
export const recipients = (
  policy: NotifyPolicy,
  notice: Pick<Notice, "type" | "phase" | "severity" | "migration" | "isUrgent">,
  subject: NoticeSubject,
  candidates: readonly Candidate[],
): readonly string[] => {
  const namesOf = (chosen: readonly Candidate[]): readonly string[] => chosen.map(({ name }) => name);
  if (notice.type === "ack") return namesOf(candidates.filter(({ hasIncident }) => hasIncident));
  // A drill shows who would be told of a rollback.
  const isDrill = notice.type === "drill";
  const routed = isDrill ? { ...notice, severity: "critical" as const } : notice;
  const routes = notice.type === "test" ? [] : taking(policy, routed, subject);
  if (routes.length === 0) return namesOf(candidates);
  const names = new Set(routes.flatMap(({ channels }) => channels));
  const chosen = candidates.filter(
    ({ name, hasIncident }) => names.has(name) || (notice.phase === "resolve" && hasIncident),
  );
  return namesOf(chosen.length === 0 && (isDrill || isUrgent(notice)) ? candidates : chosen);
};

const takesAll = ({ match, continue: goesOn }: NotifyRoute): boolean =>
  !goesOn && Object.values(match).every((list: readonly string[]) => list.length === 0 || list.includes("*"));

/** What no notice gets to, by its name or its place from 0: behind a route that takes everything nothing is left. */
export const unreached = (
  { routes }: NotifyPolicy,
  channels: readonly string[],
): { readonly channels: readonly string[]; readonly routes: readonly number[] } => {
  const last = routes.findIndex(takesAll);
  if (last === -1) return { channels: [], routes: [] };
  const named = new Set(routes.slice(0, last + 1).flatMap((route) => route.channels));
  return {
    channels: channels.filter((name) => !named.has(name)),
    routes: routes.flatMap((_route, i) => (i > last ? [i] : [])),
  };
};
