import type { StatusView } from "../status/status-page.ts";
import { createAgentWatch, isOf, judgedCanaryCalls } from "./agent-watch.ts";
import { BASELINE_MODEL, CANDIDATE_MODEL } from "./documents.ts";
import { failAndRollBack } from "./fail-and-roll-back.ts";
import type { Say } from "./narrator.ts";
import type { DemoReport } from "./report.ts";
import { stayInShadow } from "./stay-in-shadow.ts";
import { waitUntil } from "./wait-until.ts";
import { UNFIT, type World } from "./world.ts";

/**
 * Each waits for its answer: on a machine that cannot keep up, calls become fewer instead of timing out. Enough of them that
 * none of the canary's makes a handful of calls before the breach: two failures of one can be what a breach rests on, which
 * pauses first.
 */
const USERS = 1600;
const CALLS_PER_SECOND = 100;
/** Canary calls that have to be judged, with nothing firing, before the candidate turns bad. */
const HEALTHY_CANARY_CALLS = 80;
const TOLD_TIMEOUT_MS = 20_000;

const notificationsOf = ({ webhook, slack }: World): DemoReport["notifications"] => [
  ...webhook.received().map(({ data, id }) => ({
    channel: "webhook",
    type: data.type,
    title: data.title,
    id,
    verified: true as const,
  })),
  ...slack.received().map(({ payload }) => ({
    channel: "slack",
    type: null,
    title: payload.text.split("\n", 1)[0] ?? "",
    id: null,
    verified: true as const,
  })),
];

const startAll = async (world: World, say: Say): Promise<{ readonly stop: () => Promise<void> }> => {
  say(
    "demo",
    `a support bot moves from ${BASELINE_MODEL} to ${CANDIDATE_MODEL}; the model provider is a fake on this machine, ` +
      "everything else is the real thing",
  );
  await world.startAgent();
  say("agent", `up: collector, detectors, alerts, embedded ClickHouse; status page ${world.urls.agent}/`);
  const app = await world.startApp({ users: USERS, callsPerSecond: CALLS_PER_SECOND });
  say(
    "app",
    `up: node --require leeway/instrumentation app.js; ${USERS} users, ${CALLS_PER_SECOND} calls/s; ` +
      "a feature flag decides which model each user gets",
  );
  return app;
};

/** What the demo is to show. */
export interface Plot {
  /** The candidate stays healthy to the end. */
  readonly healthy: boolean;
  /** The candidate is unfit already in the shadow. */
  readonly shadowFails: boolean;
}

/** The canary: healthy traffic, then, unless `healthy`, a candidate that fails. */
const tellCanary = async (world: World, { healthy }: Plot, say: Say, since: number) => {
  const watch = createAgentWatch(world);
  const before = await watch.judged(healthy ? 2 * HEALTHY_CANARY_CALLS : HEALTHY_CANARY_CALLS, since);
  const falseAlarm = before.ledger.some((entry) => entry.at >= since && isOf("decision")(entry));
  const fired = falseAlarm ? "SOMETHING FIRED ALTHOUGH NOTHING IS WRONG" : "no rule fired";
  say("judged", `${judgedCanaryCalls(before)} canary calls of a healthy candidate: ${fired}`);
  const rollback = healthy || falseAlarm ? null : await failAndRollBack(world, watch, say);
  return { rollback, outcome: rollback === null ? (falseAlarm ? "false-alarm" : "healthy") : "rolled-back" } as const;
};

/** Plays the demo in `world`: the shadow first, and where its gate opens the canary. */
export const tellStory = async (world: World, plot: Plot, say: Say): Promise<DemoReport> => {
  if (plot.shadowFails) world.provider.set(CANDIDATE_MODEL, UNFIT);
  const app = await startAll(world, say);
  const watch = createAgentWatch(world);
  const shadow = await stayInShadow(world, watch, say);
  const { outcome, rollback } =
    shadow.outcome === "passed"
      ? await tellCanary(world, plot, say, shadow.at + 1)
      : ({ outcome: "stopped-in-shadow", rollback: null } as const);
  if (outcome === "stopped-in-shadow")
    await waitUntil(() => world.webhook.received().some(({ data }) => data.type === "pause") || null, TOLD_TIMEOUT_MS);
  const status = await world.api.get<StatusView>("/api/v1/status");
  const explanation = await watch.explanation();
  await app.stop();
  return {
    ...{ outcome, rollback, shadow },
    notifications: notificationsOf(world),
    refusedNotices: world.webhook.refused().length + world.slack.refused().length,
    message: world.webhook.received().find(({ data }) => ["rollback", "pause"].includes(data.type))?.data ?? null,
    ...{ status, explanation },
  };
};
