import { METRICS, type MetricName } from "./metric-table.ts";

/** The samples of one metric: their labels, as the table declares them, and values. */
export interface Family {
  readonly name: MetricName;
  readonly values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** A metric with one sample, without labels. */
export const single = (name: MetricName, value: number): Family => ({ name, values: [[{}, value]] });

const escapeLabel = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const formatLabels = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

/** A family in the Prometheus text format, declared as the table says. */
export const formatFamily = ({ name, values }: Family): string =>
  [
    `# HELP ${name} ${METRICS.get(name)?.help}`,
    `# TYPE ${name} ${METRICS.get(name)?.type}`,
    ...values.map(([labels, value]) => `${name}${formatLabels(labels)} ${value}`),
  ].join("\n");
