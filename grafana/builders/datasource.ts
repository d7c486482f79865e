import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { placeholder } from "./placeholder.ts";

/** Type of Grafana's ClickHouse datasource, version 4 or newer. */
export const DATASOURCE_TYPE = "grafana-clickhouse-datasource";

/** Every panel asks the datasource chosen at the top of the dashboard. */
export const DATASOURCE: DataSourceRef = { type: DATASOURCE_TYPE, uid: placeholder("datasource") };

/** What the plugin does with the rows: time series are turned from long to wide, tables are left as they are. */
export type QueryFormat = "time-series" | "table";

const FORMAT_CODE: Readonly<Record<QueryFormat, number>> = { "time-series": 0, table: 1 };

/**
 * A query of the ClickHouse datasource, in the shape its own dashboards use. The foundation SDK has no builder for this
 * plugin; its marker method is a function, which JSON drops.
 */
export const clickhouseQuery = (refId: string, format: QueryFormat, rawSql: string): Builder<Dataquery> => ({
  build: () =>
    ({
      _implementsDataqueryVariant() {},
      refId,
      datasource: DATASOURCE,
      editorType: "sql",
      rawSql,
      format: FORMAT_CODE[format],
    }) as Dataquery,
});

/** Display name that is the value of a text column, instead of `value {column="…"}`. */
export const labelName = (column: string): string => placeholder(`__field.labels.${column}`);
