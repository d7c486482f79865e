import type { Config } from "../../agent/config/load-config.ts";
import { type MonitorSettings, monitorOf } from "../../agent/config/monitor-schema.ts";
import { highestCost } from "../../agent/monitors/sentinel/sentinel-budget.ts";
import { periodOf } from "../../agent/monitors/sentinel/sentinel-detector.ts";
import { shortNumber } from "../../core/short-number.ts";
import { alarmThreshold, detectorsOf } from "../../detectors/monitors/monitor-engine.ts";

const DAY_MS = 86_400_000;

const sentinelLine = ({ name, sentinel }: MonitorSettings, { probes, price }: Config): readonly string[] => {
  if (sentinel === null) return [];
  const own = probes.get(name) ?? [];
  const { budget, model, cron } = sentinel;
  const calls = Math.round((own.length * DAY_MS) / periodOf(sentinel));
  const costs = own.map((probe) => highestCost(sentinel, probe, price));
  const usd = costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
  const cost = usd === null ? "at an unknown price" : `at most $${shortNumber((usd * DAY_MS) / periodOf(sentinel))}`;
  const limit = budget.usdPerDay === null ? "" : ` and $${budget.usdPerDay}`;
  return [
    `  sentinel: ${own.length} probes to ${model} at ${cron}: up to ${calls} calls a day, ${cost}; budget ${budget.callsPerDay} calls${limit}`,
  ];
};

/** What `leeway check` says of the monitors. */
export const renderMonitorPlans = (config: Config): readonly string[] =>
  config.settings.monitors.flatMap((settings) => {
    const monitor = monitorOf(settings);
    const { name, signals, by, maxSeries, meanTimeBetweenFalseAlarms } = monitor;
    const years = shortNumber(meanTimeBetweenFalseAlarms / (365 * DAY_MS));
    const series = by.length === 0 ? "one series" : `up to ${maxSeries} series by ${by.join(", ")}`;
    return [
      `monitor ${name}: ${signals.map(({ id, direction }) => `${id} ${direction}`).join(", ")}; ${series}`,
      `  ${detectorsOf(monitor)} detectors, a false alarm in ${years} years on average: log wealth ${alarmThreshold(monitor).toFixed(1)} to tell`,
      ...sentinelLine(settings, config),
      "",
    ];
  });
