import type { NoticeSeverity } from "../../core/notice.ts";
import type { QuietHours } from "./quiet-hours.ts";

/** Which notices a route takes: all that are named, and of each list one; an empty list takes every one. Texts are globs. */
export interface RouteMatch {
  /** Names of migrations, `monitor:<name>` for monitors. */
  readonly migration: readonly string[];
  readonly owner: readonly string[];
  readonly severity: readonly NoticeSeverity[];
  readonly environment: readonly string[];
}

/** One route: which notices go to which channels. */
export interface NotifyRoute {
  readonly match: RouteMatch;
  /** Names; at least one. */
  readonly channels: readonly string[];
  /** True where the routes below are looked at as well. */
  readonly continue: boolean;
  /** What its channels wait, ms; null = as the policy says. */
  readonly groupWait: number | null;
  readonly groupInterval: number | null;
}

/** Who is told what, as leeway.yaml has it under `notify:`. */
export interface NotifyPolicy {
  /** Where the agent is, for documents that do not say it; null = nowhere that has a name. */
  readonly environment: string | null;
  /** How long the first notice of a group waits for others, ms; 0 = it does not. */
  readonly groupWait: number;
  /** How long the next ones wait after the group was told of, ms; 0 = they do not. */
  readonly groupInterval: number;
  /** After how long an open critical incident that nobody acknowledged is told again, ms; null = never. */
  readonly repeatInterval: number | null;
  /** When news of stages wait; null = never. */
  readonly quietHours: QuietHours | null;
  /** The first that matches counts; what none takes goes to every channel. */
  readonly routes: readonly NotifyRoute[];
}

/** Everything to every channel, at once and once. */
export const NO_POLICY: NotifyPolicy = {
  environment: null,
  groupWait: 0,
  groupInterval: 0,
  repeatInterval: null,
  quietHours: null,
  routes: [],
};

/** What a route can ask of a notice's migration beside its name; empty where nobody says. */
export interface NoticeSubject {
  readonly owner: string;
  readonly environment: string;
}
