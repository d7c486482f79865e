import type { DirtyKind } from "./case.ts";
import { callsOfNoArm } from "./kinds/calls-of-no-arm.ts";
import { comparisonDesign } from "./kinds/comparison-design.ts";
import { comparisonInput } from "./kinds/comparison-input.ts";
import { constantMonitors } from "./kinds/constant-monitors.ts";
import { drainProof } from "./kinds/drain-proof.ts";
import { finishReasons } from "./kinds/finish-reasons.ts";
import { clippedMeans, zeroBaseline } from "./kinds/limits-of-means.ts";
import { missingValues } from "./kinds/missing-values.ts";
import { mistypedStreams } from "./kinds/mistyped-streams.ts";
import { namesOfOperations } from "./kinds/names-of-operations.ts";
import { noBaseline } from "./kinds/no-baseline.ts";
import { oneCallOneRow } from "./kinds/one-call-one-row.ts";
import { oneHeavyUser } from "./kinds/one-heavy-user.ts";
import { otherConfiguration } from "./kinds/other-configuration.ts";
import { priceNames } from "./kinds/price-names.ts";
import { quantileAtLittleTraffic } from "./kinds/quantile-at-little-traffic.ts";
import { quantileOnALump } from "./kinds/quantile-on-a-lump.ts";
import { rareSegmentValues } from "./kinds/rare-segment-values.ts";
import { shortAnswers } from "./kinds/short-answers.ts";
import { timesOfCalls } from "./kinds/times-of-calls.ts";
import { tokenCounts } from "./kinds/token-counts.ts";
import { toolCallDeltas } from "./kinds/tool-call-deltas.ts";
import { undecidedComparison } from "./kinds/undecided-comparison.ts";
import { whatPeopleRead } from "./kinds/what-people-read.ts";

/** Every kind of dirty input that once made Leeway say more than it knew. A new one is a file in kinds/ and a line here. */
// biome-ignore format: one kind a line, so that two that are added at once do not meet.
export const DIRTY_KINDS: readonly DirtyKind[] = [
  clippedMeans,
  comparisonDesign,
  callsOfNoArm,
  comparisonInput,
  constantMonitors,
  drainProof,
  finishReasons,
  missingValues,
  mistypedStreams,
  namesOfOperations,
  noBaseline,
  oneCallOneRow,
  oneHeavyUser,
  otherConfiguration,
  priceNames,
  quantileAtLittleTraffic,
  quantileOnALump,
  rareSegmentValues,
  shortAnswers,
  timesOfCalls,
  tokenCounts,
  toolCallDeltas,
  undecidedComparison,
  whatPeopleRead,
  zeroBaseline,
];
