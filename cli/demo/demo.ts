import { setTimeout as wait } from "node:timers/promises";
import { describeEntry } from "../../agent/status/describe-entry.ts";
import type { Explanation } from "../../agent/status/explanation.ts";
import { LeewayError } from "../../core/errors.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { StatusView } from "../../grafana/status-page.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderExplanation } from "../render/explain.ts";
import { renderStatus } from "../render/status.ts";
import { CANDIDATE_MODEL, MIGRATION_NAME } from "./documents.ts";
import { type DemoReport, report } from "./report.ts";
import { waitUntil } from "./wait-until.ts";
import { createWorld, FAILING, type World } from "./world.ts";

const USERS = 400;
const CALLS_PER_SECOND = 100;
const SEED = 20_261_120;
/** Canary calls that have to be judged, with nothing firing, before the candidate turns bad. */
const HEALTHY_CANARY_CALLS = 80;
const HEALTHY_TIMEOUT_MS = 90_000;
const DECISION_TIMEOUT_MS = 90_000;
const STEP_TIMEOUT_MS = 60_000;
const DELIVERY_TIMEOUT_MS = 20_000;
/** How long traffic goes on after the proof, to see whether a canary call comes after all. */
const AFTERMATH_MS = 3_000;

const explanationOf = (world: World): Promise<Explanation> =>
  world.api.get<Explanation>(`/api/v1/migrations/${MIGRATION_NAME}`);

type EntryOf<Type extends LedgerEvent["type"]> = LedgerEntry & {
  readonly event: Extract<LedgerEvent, { readonly type: Type }>;
};

const isOf =
  <Type extends LedgerEvent["type"]>(type: Type) =>
  (entry: LedgerEntry): entry is EntryOf<Type> =>
    entry.event.type === type;

const rollbackDecision = (ledger: readonly LedgerEntry[]): LedgerEntry | null =>
  ledger.find(({ event }) => event.type === "decision" && event.decision.kind === "rollback") ?? null;

const need = <T>(answer: T | null, what: string, world: World): T => {
  if (answer !== null) return answer;
  throw new LeewayError(
    "action-refused",
    `the demo gave up waiting for ${what}; the agent said:\n${world.agent().output().slice(-3000)}`,
  );
};

const judgedCanaryCalls = ({ judgement }: Explanation): number =>
  Math.max(0, ...(judgement?.verdicts ?? []).map(({ evidence }) => evidence.n.canary));

/** Healthy traffic until enough canary calls are judged. */
const watchHealthy = async (world: World, calls: number): Promise<Explanation> =>
  need(
    await waitUntil(async () => {
      const explanation = await explanationOf(world);
      return judgedCanaryCalls(explanation) >= calls || rollbackDecision(explanation.ledger) !== null
        ? explanation
        : null;
    }, HEALTHY_TIMEOUT_MS),
    `${calls} judged canary calls`,
    world,
  );

/** The first entry of a type at or after `since`. */
const waitForEvent = async <Type extends LedgerEvent["type"]>(
  world: World,
  type: Type,
  since: number,
): Promise<EntryOf<Type>> => {
  const find = async (): Promise<EntryOf<Type> | null> =>
    (await explanationOf(world)).ledger.filter(isOf(type)).find(({ at }) => at >= since) ?? null;
  return need(await waitUntil(find, STEP_TIMEOUT_MS), type, world);
};

/** Start of the first candidate call that failed after `since`; null when there is none yet. */
const firstFailure = (world: World, since: number): number | null => {
  const failed = world.provider
    .requests()
    .filter(({ model, outcome, start }) => model === CANDIDATE_MODEL && outcome === "failed" && start >= since)
    .map(({ end }) => end);
  return failed.length > 0 ? Math.min(...failed) : null;
};

const candidateCalls = (world: World, from: number, to: number): number =>
  world.provider.requests().filter(({ model, start }) => model === CANDIDATE_MODEL && start >= from && start < to)
    .length;

const notificationsArrived = (world: World): true | null => {
  const types = world.webhook.received().map(({ data }) => data.type);
  const isThere =
    types.includes("rollback") && types.includes("drained") && world.slack.received().length >= types.length;
  return isThere ? true : null;
};

const failAndRollBack = async (world: World, say: (text: string) => void): Promise<DemoReport["rollback"]> => {
  const switchedAt = Date.now();
  world.provider.set(CANDIDATE_MODEL, FAILING);
  say("the candidate now fails 20% of its calls; nobody tells the agent");
  const decision = need(
    await waitUntil(async () => rollbackDecision((await explanationOf(world)).ledger), DECISION_TIMEOUT_MS),
    "a rollback",
    world,
  );
  const onset = firstFailure(world, switchedAt) ?? switchedAt;
  say(`decided: ${describeEntry(decision)}`);
  const flip = await waitForEvent(world, "flip-result", decision.at);
  say(describeEntry(flip));
  say(describeEntry(await waitForEvent(world, "flip-readback", decision.at)));
  const proof = await waitForEvent(world, "drain-proven", decision.at);
  say(describeEntry(proof));
  await wait(AFTERMATH_MS);
  need(await waitUntil(() => notificationsArrived(world), DELIVERY_TIMEOUT_MS), "the notices to arrive", world);
  return {
    onset,
    decidedAt: decision.at,
    flippedAt: flip.at,
    lastCanaryStart: proof.event.lastCanaryStart,
    provenAt: proof.at,
    canaryCallsToDecision: candidateCalls(world, onset, decision.at),
    canaryCallsAfterDrain: candidateCalls(world, proof.at, Number.POSITIVE_INFINITY),
    verdict:
      decision.event.type === "decision"
        ? (decision.event.judgement?.verdicts.find(
            ({ outcome, severity }) => outcome === "breach" && severity === "rollback",
          ) ?? null)
        : null,
  };
};

const tell = (world: World): DemoReport["notifications"] => [
  ...world.webhook
    .received()
    .map(({ data, id }) => ({ channel: "webhook", type: data.type, title: data.title, id, verified: true as const })),
  ...world.slack.received().map(({ payload }) => ({
    channel: "slack",
    type: null,
    title: payload.text.split("\n", 1)[0] ?? "",
    id: null,
    verified: true as const,
  })),
];

const runStory = async (world: World, healthy: boolean, say: (text: string) => void): Promise<DemoReport> => {
  await world.startAgent();
  say(`agent up: collector, detectors, alerts and an embedded ClickHouse in ${world.folder}`);
  const app = await world.startApp({ users: USERS, callsPerSecond: CALLS_PER_SECOND });
  say(
    `app up: node --require leeway/instrumentation app.js; ${USERS} users, about ${CALLS_PER_SECOND} calls/s, 5% of them on the candidate`,
  );
  const before = await watchHealthy(world, healthy ? 2 * HEALTHY_CANARY_CALLS : HEALTHY_CANARY_CALLS);
  const falseAlarm = before.ledger.some(({ event }) => event.type === "decision");
  say(
    `healthy so far: ${judgedCanaryCalls(before)} canary calls judged, ${falseAlarm ? "BUT SOMETHING FIRED" : "nothing fired"}`,
  );
  const rollback = healthy || falseAlarm ? null : await failAndRollBack(world, say);
  const status = await world.api.get<StatusView>("/api/v1/status");
  const explanation = await explanationOf(world);
  await app.stop();
  const outcome = rollback === null ? (falseAlarm ? "false-alarm" : "healthy") : "rolled-back";
  return {
    outcome,
    rollback,
    notifications: tell(world),
    refusedNotices: world.webhook.refused().length + world.slack.refused().length,
    status,
    explanation,
  };
};

/**
 * `leeway demo`: a real app, the real SDKs, a real agent with the embedded engine and a fake provider, on loopback.
 * Exit 0 when the story ended as announced: rolled back and drained, or with `healthy` nothing at all.
 */
export const demo = async (
  options: { readonly healthy: boolean; readonly json: boolean },
  print: (text: string) => void,
): Promise<ExitCode> => {
  const startedAt = performance.now();
  const say = (text: string): void => {
    if (!options.json) print(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  };
  const world = await createWorld(SEED);
  try {
    const story = await runStory(world, options.healthy, say);
    const document = report(story);
    if (options.json) print(`${JSON.stringify(document)}\n`);
    else {
      const evidence =
        story.rollback === null
          ? ""
          : `\n${renderExplanation(story.explanation, story.rollback.verdict?.rule ?? null)}`;
      const ledger = story.explanation.ledger.map(
        (entry) => `  ${new Date(entry.at).toISOString().slice(11, 23)}  ${entry.by.padEnd(6)} ${describeEntry(entry)}`,
      );
      print(
        `${evidence}\n${renderStatus(story.status)}\nledger (UTC)\n${ledger.join("\n")}\n\n${JSON.stringify(document, null, 2)}\n`,
      );
    }
    return document.outcome === (options.healthy ? "healthy" : "rolled-back") ? 0 : 1;
  } finally {
    await world.close();
  }
};
