import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { NoUnit, PercentUnit, Seconds } from "@grafana/grafana-foundation-sdk/units";
import { membersOf } from "../../core/exhaustive.ts";
import type { Standing } from "../../core/standing.ts";
import { type StatSpec, statPanel } from "./panels/stat-panel.ts";
import {
  callAgeSql,
  configuredSql,
  incidentSql,
  observedSql,
  readBackSql,
  STANDING_WORDS,
  stateSql,
  tickAgeSql,
} from "./sql/strip-sql.ts";
import { wordColors } from "./word-colors.ts";

const PLAIN: StatSpec["steps"] = [[null, "text"]];

/** A minute is late, five are an alarm. */
const AGE: StatSpec["steps"] = [
  [null, "green"],
  [60, "yellow"],
  [300, "red"],
];

const COLOR_OF_STANDING: Readonly<Record<Standing, string>> = {
  running: "green",
  paused: "yellow",
  "waiting-for-approval": "blue",
  drilling: "blue",
  "rolling-back": "orange",
  "rolled-back": "red",
  "not-rolled-back": "dark-red",
  abandoned: "text",
  done: "green",
};

const STATE_COLORS = wordColors(
  Object.fromEntries(
    membersOf(COLOR_OF_STANDING).map((standing) => [STANDING_WORDS[standing], COLOR_OF_STANDING[standing]]),
  ),
);

/** Left to right, with the width of each; together they fill the grid's 24 columns. */
const STATS: readonly (readonly [w: number, spec: Omit<StatSpec, "at">])[] = [
  [
    5,
    {
      id: 1,
      title: "State",
      description:
        "Where the migration stands, from the ledger. `rolling back`: the flag was flipped, and canary calls have not yet been seen to stop.",
      sql: stateSql,
      unit: NoUnit,
      empty: "not started",
      steps: PLAIN,
      mappings: [STATE_COLORS],
    },
  ],
  [
    3,
    {
      id: 2,
      title: "Canary share, configured",
      description: "What the flag system answered when it was last read back, or the first stage's share before that.",
      sql: configuredSql,
      unit: PercentUnit,
      empty: "unknown",
      steps: PLAIN,
    },
  ],
  [
    3,
    {
      id: 3,
      title: "Canary share, observed",
      description: "Canary calls among all calls that ended in the last five minutes, each call counted once.",
      sql: observedSql,
      unit: PercentUnit,
      empty: "no calls",
      steps: PLAIN,
    },
  ],
  [
    3,
    {
      id: 4,
      title: "Newest call",
      description: "Time since the newest call in the store ended. When it grows, spans do not arrive.",
      sql: callAgeSql,
      unit: Seconds,
      empty: "none in range",
      steps: AGE,
    },
  ],
  [
    3,
    {
      id: 5,
      title: "Last judged",
      description: "Time since the end of the newest judged tick. When it grows, the agent does not judge.",
      sql: tickAgeSql,
      unit: Seconds,
      empty: "none in range",
      steps: AGE,
    },
  ],
  [
    3,
    {
      id: 6,
      title: "Flag",
      description: "Whether the flag system confirmed the last write when it was read back.",
      sql: readBackSql,
      unit: NoUnit,
      empty: "never written",
      steps: PLAIN,
      mappings: [wordColors({ confirmed: "green", "NOT CONFIRMED": "red" })],
    },
  ],
  [
    4,
    {
      id: 7,
      title: "Open incident",
      description: "Id of the rollback whose drain the spans have not yet proven.",
      sql: incidentSql,
      unit: NoUnit,
      empty: "none",
      steps: [[null, "red"]],
    },
  ],
];

/** The strip an on-call person reads first: state, shares, freshness, flag, incident. Fills row `y`. */
export const verdictStrip = (y: number): readonly Builder<Panel>[] =>
  STATS.map(([w, spec], index) => {
    const x = STATS.slice(0, index).reduce((sum, [width]) => sum + width, 0);
    return statPanel({ ...spec, at: [x, y, w, 4] });
  });
