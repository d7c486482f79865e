import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATASOURCE, DATASOURCE_TYPE } from "./datasource.ts";
import { OF_MIGRATION } from "./sql/ledger-sql.ts";

const queryVariable = (name: string, label: string, description: string, rawSql: string): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query({ editorType: "sql", rawSql })
    .definition(rawSql)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(false);

const MIGRATIONS = "SELECT DISTINCT migration FROM ledger WHERE at <= $__toTime ORDER BY migration";

const SEGMENTS = `SELECT DISTINCT if(segment = '', 'all', segment) AS name FROM samples
WHERE ${OF_MIGRATION} AND signal = 'calls' AND NOT startsWith(segment, '@') AND $__timeFilter(tick_to) ORDER BY name = 'all' DESC, name`;

const SERVICES = `SELECT DISTINCT service FROM llm_1m WHERE ${OF_MIGRATION} AND $__timeFilter(minute) ORDER BY service`;

/** What can be chosen at the top: the datasource, the migration, a segment (for the arms) and services (for the pipeline). */
export const variables = (): Builder<VariableModel>[] => [
  new DatasourceVariableBuilder("datasource")
    .label("Datasource")
    .description("The ClickHouse that holds Leeway's tables.")
    .type(DATASOURCE_TYPE),
  queryVariable("migration", "Migration", "Which migration to look at.", MIGRATIONS),
  queryVariable("segment", "Segment", "Slice of the traffic for the panels that compare the arms.", SEGMENTS)
    .sort(VariableSort.Disabled)
    .current({ selected: true, text: "all", value: "all" }),
  queryVariable("service", "Service", "Services for the pipeline panels.", SERVICES)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ["All"], value: ["$__all"] }),
];
