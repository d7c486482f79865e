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
  return [
    {
      name: "leeway_monitor_drifted",
      values: readings.map(({ labels, reading }) => [labels, reading.drift === null ? 0 : 1]),
    },
    {
      name: "leeway_monitor_excess",
      values: readings.flatMap(({ labels, reading: { logE, threshold } }) =>
        logE === null ? [] : [[labels, logE - threshold] as const],
      ),
    },
    {
      name: "leeway_monitor_last_minute_seconds",
      values: monitors.flatMap(({ name, lastSlice }) =>
        lastSlice === null ? [] : [[{ monitor: name }, lastSlice / 1000] as const],
      ),
    },
    {
      name: "leeway_sentinel_calls_today",
      values: sentinels.map(({ labels, spent }) => [labels, spent.calls]),
    },
    {
      name: "leeway_sentinel_usd_today",
      values: sentinels.map(({ labels, spent }) => [labels, spent.usd]),
    },
    {
      name: "leeway_sentinel_failed",
      values: sentinels.map(({ labels, sentinel }) => [labels, sentinel.failed]),
    },
  ];
};
