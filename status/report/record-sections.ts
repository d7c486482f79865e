import { secondsText } from "../../core/length-text.ts";
import { exactPercent } from "../../core/percent.ts";
import { utcSecond } from "../../core/utc-text.ts";
import type { DrillRecord, Report, RetirementRecord } from "./report.ts";
import { type Section, tableOf } from "./section.ts";

const step = (ms: number | null): string => (ms === null ? "–" : secondsText(ms));

const drillRow = ({ startedAt, by, reason, share, text, ms, restoredShare }: DrillRecord): readonly string[] => [
  utcSecond(startedAt),
  `${by}: ${reason}`,
  text,
  ...[ms.decision, ms.flip, ms.readBack, ms.people, ms.drain, ms.restore].map(step),
  `${exactPercent(share)}, then ${restoredShare === null ? "not on record" : exactPercent(restoredShare)}`,
];

/** Each drill with what its steps took. */
export const drillSection = ({ drills }: Report): Section => ({
  id: "drills",
  title: "Drills",
  blocks: tableOf(
    [
      ...["time (UTC)", "who and why", "outcome", "decision", "flip", "read-back", "people told", "drain", "restored"],
      "share",
    ],
    drills.map(drillRow),
    "The way back was never drilled.",
  ),
});

const retirementRow = ({ at, model, arms, retires, daysLeft, source }: RetirementRecord): readonly string[] => [
  utcSecond(at),
  model,
  arms.join(" and "),
  retires,
  daysLeft <= 0 ? "retired" : `${daysLeft}`,
  source,
];

/** Which of its models ends, as people were told. */
export const retirementSection = ({ retirements }: Report): Section => ({
  id: "retirements",
  title: "Retirements",
  blocks: tableOf(
    ["told (UTC)", "model", "arm", "retired on", "days left then", "says"],
    retirements.map(retirementRow),
    "Nobody was told of the end of a model: none came within 90 days, or its day is not known.",
  ),
});
