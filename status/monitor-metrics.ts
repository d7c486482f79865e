import type { Family } from "./metric-family.ts";
import type { MonitorView } from "./monitor-view.ts";

/** Metrics of the monitors and their sentinels. What is unknown has no sample. */
export const monitorFamilies = (monitors: readonly MonitorView[]): readonly Family[] => {
  const sentinels = monitors.flatMap(({ name, sentinel }) =>
    sentinel === null || sentinel.spent === null
      ? []
      : [{ labels: { monitor: name }, spent: sentinel.spent, sentinel }],
  );
  const readings = monitors.flatMap(({ name, readings: own, sentinel }) =>
    [...own, ...(sentinel?.readings ?? [])].map((reading) => ({
      reading,
      labels: { monitor: name, series: reading.series, signal: reading.signal, direction: reading.direction },
    })),
  );
  const gauge = (name: string, help: string, values: Family["values"]): Family => ({
    name: `leeway_${name}`,
    type: "gauge",
    help,
    values,
  });
  return [
    gauge(
      "monitor_drifted",
      "1 while a signal stands away from its own past.",
      readings.map(({ labels, reading }) => [labels, reading.drift === null ? 0 : 1]),
    ),
    gauge(
      "monitor_excess",
      "Log wealth of a monitor's detector minus its threshold; 0 or above is an alarm.",
      readings.flatMap(({ labels, reading: { logE, threshold } }) =>
        logE === null ? [] : [[labels, logE - threshold] as const],
      ),
    ),
    gauge(
      "monitor_last_minute_seconds",
      "End of the last minute a monitor judged, Unix seconds.",
      monitors.flatMap(({ name, lastSlice }) =>
        lastSlice === null ? [] : [[{ monitor: name }, lastSlice / 1000] as const],
      ),
    ),
    gauge(
      "sentinel_calls_today",
      "Calls a sentinel made since 00:00 UTC.",
      sentinels.map(({ labels, spent }) => [labels, spent.calls]),
    ),
    gauge(
      "sentinel_usd_today",
      "US dollars a sentinel spent since 00:00 UTC; calls of unknown cost count at their highest.",
      sentinels.map(({ labels, spent }) => [labels, spent.usd]),
    ),
    gauge(
      "sentinel_failed",
      "Failed calls of a sentinel's last run.",
      sentinels.map(({ labels, sentinel }) => [labels, sentinel.failed]),
    ),
  ];
};
