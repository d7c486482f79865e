import { setTimeout as wait } from "node:timers/promises";
import { evidenceText } from "../alerts/evidence-text.ts";
import { LeewayError } from "../core/errors.ts";
import { tableFigure } from "../core/figure.ts";
import { secondsText } from "../core/length-text.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Explanation } from "../status/explanation.ts";
import type { AgentWatch, EntryOf } from "./agent-watch.ts";
import { CANDIDATE_MODEL } from "./documents.ts";
import type { Say } from "./narrator.ts";
import type { DemoReport } from "./report.ts";
import { waitUntil } from "./wait-until.ts";
import { FAILING, type World } from "./world.ts";

const DELIVERY_TIMEOUT_MS = 20_000;
/** How long traffic goes on after the proof, to see whether a canary call comes after all. */
const AFTERMATH_MS = 3_000;

/** End of the first candidate call that failed among those started since `since`; null when there is none. */
const firstFailure = ({ provider }: World, since: number): number | null => {
  const failed = provider
    .requests()
    .filter(({ model, outcome, start }) => model === CANDIDATE_MODEL && outcome === "failed" && start >= since)
    .map(({ end }) => end);
  return failed.length > 0 ? Math.min(...failed) : null;
};

const candidateCalls = ({ provider }: World, from: number, to: number): number =>
  provider.requests().filter(({ model, start }) => model === CANDIDATE_MODEL && start >= from && start < to).length;

/** The rollback rule nearest to its breach. */
const nearest = ({ judgement }: Explanation): Verdict | null =>
  (judgement?.verdicts ?? [])
    .filter(({ severity }) => severity === "rollback")
    .reduce<Verdict | null>((a, b) => (a === null || b.evidence.logE > a.evidence.logE ? b : a), null);

/** Says how the evidence grows, at each new quarter of the way. */
const createEvidenceTeller = (say: Say): ((explanation: Explanation) => void) => {
  let told = 0;
  return (explanation) => {
    const verdict = nearest(explanation);
    if (verdict === null) return;
    const { logE, threshold, n, value } = verdict.evidence;
    const quarter = Math.floor((4 * logE) / threshold);
    if (quarter <= told || quarter >= 4) return;
    told = quarter;
    const unit = explanation.rules.find(({ id }) => id === verdict.rule)?.unit ?? "";
    const seen = `${verdict.rule} ${tableFigure(value.canary, unit)} in ${n.canary} canary calls`;
    say("judged", `${seen}: log e-value ${logEText({ logE, threshold }, 1, ", breach at ")}`);
  };
};

/** The verdict a rollback rests on. */
const verdictOf = ({ event: { decision, judgement } }: EntryOf<"decision">): Verdict | null =>
  decision.kind === "rollback" ? (judgement?.verdicts.find(({ rule }) => rule === decision.rule) ?? null) : null;

const tellFlip = (say: Say, decidedAt: number, flip: EntryOf<"flip-result">, read: EntryOf<"flip-readback">): void => {
  const { flag, share } = read.event.state;
  const canary = tableFigure(share, "share");
  say("flag", `${flag} is written, ${flip.at - decidedAt} ms after the decision, and read back: canary ${canary}`);
};

const tellDrain = (say: Say, flippedAt: number, { at, event }: EntryOf<"drain-proven">): void => {
  const { lastCanaryStart: last, exposure, probability } = event;
  const lastText = last === null ? "no canary call since the flip" : `last canary call ${last - flippedAt} ms after it`;
  const odds = `had it not stopped, such spans would come with probability ${probability.toExponential(0)}`;
  say(
    "drain",
    `proven from the spans ${secondsText(at - flippedAt)} after the flip: ${lastText}, ${exposure.baselineCalls} baseline calls; ${odds}`,
  );
};

const noticesArrived = ({ webhook, slack }: World): true | null => {
  const types = webhook.received().map(({ data }) => data.type);
  const isThere = types.includes("rollback") && types.includes("drained");
  return isThere && slack.received().length >= types.length ? true : null;
};

const waitForNotices = async (world: World): Promise<void> => {
  if ((await waitUntil(() => noticesArrived(world), DELIVERY_TIMEOUT_MS)) !== null) return;
  throw new LeewayError("action-refused", "gave up waiting for the notices of the rollback to arrive");
};

/** Makes the candidate worse and measures what the agent does about it, by itself. */
export const failAndRollBack = async (
  world: World,
  watch: AgentWatch,
  say: Say,
): Promise<NonNullable<DemoReport["rollback"]>> => {
  const switchedAt = Date.now();
  world.provider.set(CANDIDATE_MODEL, FAILING);
  say("provider", "from now on 20% of the candidate's calls fail; nobody tells the agent");
  const decision = await watch.rollback(createEvidenceTeller(say));
  const onset = firstFailure(world, switchedAt) ?? switchedAt;
  const verdict = verdictOf(decision);
  if (verdict !== null) say("breach", evidenceText((await watch.explanation()).migration, verdict).sentences);
  const flip = await watch.entry("flip-result", decision.at);
  tellFlip(say, decision.at, flip, await watch.entry("flip-readback", decision.at));
  const proof = await watch.entry("drain-proven", decision.at);
  tellDrain(say, flip.at, proof);
  await wait(AFTERMATH_MS);
  await waitForNotices(world);
  return {
    onset,
    decidedAt: decision.at,
    flippedAt: flip.at,
    lastCanaryStart: proof.event.lastCanaryStart,
    provenAt: proof.at,
    canaryCallsToDecision: candidateCalls(world, onset, decision.at),
    canaryCallsAfterDrain: candidateCalls(world, proof.at, Number.POSITIVE_INFINITY),
    verdict,
  };
};
