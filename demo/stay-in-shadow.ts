import { LeewayError } from "../core/errors.ts";
import { percent } from "../core/percent.ts";
import type { SegmentReading } from "../detectors/pairs/pair-report.ts";
import type { PairsView } from "../status/pairs-view.ts";
import { type AgentWatch, isOf } from "./agent-watch.ts";
import { CANDIDATE_MODEL, MIGRATION_NAME } from "./documents.ts";
import type { Say } from "./narrator.ts";
import { waitUntil } from "./wait-until.ts";
import type { World } from "./world.ts";

/** How the shadow of the demo ended. */
export interface ShadowAct {
  readonly outcome: "passed" | "stopped";
  /** Why, as the ledger has it. */
  readonly reason: string;
  readonly pairs: PairsView;
  /** When it was decided, epoch ms. */
  readonly at: number;
}

const TIMEOUT_MS = 120_000;

const classText = ({ pairs, classes }: SegmentReading): string =>
  `${pairs} pairs: ${classes.improvement} improvements, ${classes.neutral} neutral, ${classes.regression} regressions, ${classes.novel} novel, ${classes.undecided} undecided`;

/** Says what is asked, while it is. */
const createPairTeller = (say: Say): ((view: PairsView) => void) => {
  let told = 0;
  return ({ segments: [all] }) => {
    if (all === undefined || all.pairs < told + 300) return;
    told = all.pairs;
    say("shadow", classText(all));
  };
};

const tellClusters = (say: Say, { segments }: PairsView): void => {
  for (const { segment, clusters } of segments.filter((each) => each.segment !== "")) {
    const [worst] = clusters.filter((cluster) => cluster.class === "regression");
    if (worst === undefined) continue;
    const what = worst.codes.slice(0, 2).join(", ");
    say(
      "shadow",
      `${segment}: ${worst.pairs} pairs alike (${percent(worst.share.value)}): ${what}; cluster ${worst.id}`,
    );
  }
};

/** Waits until the gate of the shadow opens, or the pairs stop the migration. */
export const stayInShadow = async (world: World, watch: AgentWatch, say: Say): Promise<ShadowAct> => {
  const look = (): Promise<PairsView> => world.api.get<PairsView>(`/api/v1/migrations/${MIGRATION_NAME}/pairs`);
  const tell = createPairTeller(say);
  say("shadow", `${CANDIDATE_MODEL} is asked what the baseline is asked; its answers are compared and thrown away`);
  const decided = await waitUntil(async () => {
    const [{ ledger }, pairs] = [await watch.explanation(), await look()];
    tell(pairs);
    const decisions = ledger.filter(isOf("decision"));
    return decisions.find(({ event: { decision } }) => ["advance", "pause"].includes(decision.kind)) ?? null;
  }, TIMEOUT_MS);
  if (decided === null || decided.event.decision.kind === "continue")
    throw new LeewayError("action-refused", "gave up waiting for the shadow's gate");
  const { kind, reason } = decided.event.decision;
  const pairs = await look();
  const outcome = kind === "advance" ? "passed" : "stopped";
  if (outcome === "stopped") tellClusters(say, pairs);
  say("gate", outcome === "passed" ? `open: ${pairs.evidence.reason}` : `SHUT: ${reason}`);
  return { outcome, reason, pairs, at: decided.at };
};
