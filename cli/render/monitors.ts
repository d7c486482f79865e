import { tableFigure } from "../../core/figure.ts";
import { logEText } from "../../core/log-e-text.ts";
import type { WatchReading } from "../../core/monitor.ts";
import { utcSecond } from "../../core/utc-text.ts";
import { formatAge } from "../../status/format-age.ts";
import { readingsOf, readingText, sentinelText } from "../../status/monitor-section.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import { renderTable } from "./table.ts";

const COLUMNS = ["state", "signal", "this hour", "expected", "no change up to", "calls", "log wealth"];

const row = (reading: WatchReading): readonly string[] => {
  const { drift, unit, series, signal, direction, logE, threshold } = reading;
  const state =
    drift === null
      ? readingText(reading)
      : `DRIFTED since ${utcSecond(drift.since)} UTC: ${tableFigure(drift.seen, unit)}`;
  return [
    state,
    `${signal} ${direction}${series === "" ? "" : ` (${series})`}`,
    tableFigure(reading.seen, unit),
    tableFigure(reading.expected, unit),
    tableFigure(reading.limit, unit),
    String(Math.round(reading.n)),
    logE === null ? "–" : logEText({ logE, threshold }),
  ];
};

const renderMonitor = (monitor: MonitorView, now: number): readonly string[] => {
  const { name, lastSlice, ignored, sentinel } = monitor;
  const readings = readingsOf(monitor);
  return [
    `monitor ${name}: judged up to ${lastSlice === null ? "nothing yet" : `${formatAge(lastSlice, now)} ago`}`,
    ...(ignored.length === 0 ? [] : [`  no room for ${ignored.length} more series: ${ignored.join("; ")}`]),
    ...(sentinel === null ? [] : [`  ${sentinelText(sentinel, now)}`]),
    ...(sentinel === null || sentinel.problem === "" ? [] : [`  LOOK: sentinel: ${sentinel.problem}`]),
    ...(readings.length === 0 ? [] : renderTable(COLUMNS, readings.map(row)).map((line) => `  ${line}`)),
    "",
  ];
};

/** The monitors of `leeway status`, for people. */
export const renderMonitors = (monitors: readonly MonitorView[], now: number): readonly string[] =>
  monitors.flatMap((monitor) => renderMonitor(monitor, now));
