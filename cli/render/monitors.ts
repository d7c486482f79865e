import type { WatchReading } from "../../core/monitor.ts";
import { formatAge, formatTime } from "../../status/format-age.ts";
import { formatValue } from "../../status/format-value.ts";
import { readingsOf, readingText, sentinelText } from "../../status/monitor-section.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import { renderTable } from "./table.ts";

const COLUMNS = ["state", "signal", "this hour", "expected", "no change up to", "calls", "log wealth"];

const row = (reading: WatchReading): readonly string[] => {
  const { drift, unit, series, signal, direction, logE, threshold } = reading;
  const state =
    drift === null
      ? readingText(reading)
      : `DRIFTED since ${formatTime(drift.since)} UTC: ${formatValue(drift.seen, unit)}`;
  return [
    state,
    `${signal} ${direction}${series === "" ? "" : ` (${series})`}`,
    formatValue(reading.seen, unit),
    formatValue(reading.expected, unit),
    formatValue(reading.limit, unit),
    String(Math.round(reading.n)),
    logE === null ? "–" : `${logE.toFixed(1)} of ${threshold.toFixed(1)}`,
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
