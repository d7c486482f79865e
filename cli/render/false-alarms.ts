import type { TimeToBreach } from "../../agent/backtest/detection.ts";
import type { FalseAlarms, Frequency } from "../../agent/backtest/false-alarms.ts";
import { lengthText } from "../../core/length-text.ts";
import { exactPercent, fixedPercent } from "../../core/percent.ts";
import { utcSecond } from "../../core/utc-text.ts";
import { renderTable } from "./table.ts";

/** Below ten percent the decimal tells runs apart. */
const percent = (value: number): string => fixedPercent(value, value > 0 && value < 0.0995 ? 1 : 0);

const rate = ({ count, runs, interval }: Frequency): string =>
  `${count} of ${runs} (${percent(count / runs)}; 95% interval ${percent(interval.lower)} to ${percent(interval.upper)})`;

const alarmRows = ({ rules }: FalseAlarms): readonly (readonly string[])[] =>
  rules.map(({ rule, severity, calls, ...alarms }) => [
    rule,
    severity,
    calls === 0 ? "not measured" : rate(alarms),
    `${calls}`,
  ]);

const time = (each: TimeToBreach["median"]): string =>
  each === null ? "–" : `${lengthText(each.ms)}, ${each.calls} calls`;

const foundRow = (name: string, severity: string, { found, runs, median, p95 }: TimeToBreach): readonly string[] => [
  name,
  severity,
  `${found} of ${runs}`,
  time(median),
  time(p95),
];

const renderDetection = ({ detection, range }: FalseAlarms): readonly string[] => {
  if (detection === null) return [];
  const after = detection.since - range.from;
  const rows = [
    foundRow("whichever is first", "", detection.any),
    ...detection.rules.filter(({ found }) => found > 0).map((each) => foundRow(each.rule, each.severity, each)),
  ];
  return [
    "",
    `${detection.injected.join(", ")}, put in ${after === 0 ? "from the beginning" : `after ${lengthText(after)}`}: time and canary calls until the breach`,
    ...renderTable(["rule", "severity", "found", "median", "p95"], rows),
  ];
};

/** `leeway backtest --aa` for people; times are UTC. */
export const renderFalseAlarms = (result: FalseAlarms): string => {
  const { migration, range, calls, share, everyMs, seed, alarms, notes, detection } = result;
  const before = detection === null ? "" : " before anything was put in";
  return [
    `${migration}: ${calls} baseline calls of ${utcSecond(range.from)} to ${utcSecond(range.to)} UTC (${lengthText(range.to - range.from)}), dealt at random ${alarms.rollback.runs} times, ${exactPercent(share)} as the canary; ticks of ${lengthText(everyMs)}; seed ${seed}`,
    ...notes.map((note) => `note: ${note}`),
    "",
    `a rollback without a reason${before}: ${rate(alarms.rollback)}; promised: at most ${exactPercent(alarms.rollback.promised)}`,
    `a pause without a reason${before}: ${rate(alarms.pause)}; promised: at most ${exactPercent(alarms.pause.promised)}`,
    "",
    ...renderTable(["rule", "severity", "breached without a reason", "known calls"], alarmRows(result)),
    ...renderDetection(result),
  ].join("\n");
};
