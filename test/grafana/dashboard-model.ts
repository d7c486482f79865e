import { readFileSync } from "node:fs";

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly rawSql: string;
  readonly format: number;
  readonly datasource: { readonly type: string; readonly uid: string };
}

/** A panel of Grafana's classic JSON model, as far as the tests look at it. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly displayName?: string } };
}

/** A dashboard of Grafana's classic JSON model, as far as the tests look at it. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly panels: readonly PanelJson[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly refresh?: number;
      readonly query: string | { readonly rawSql: string };
      readonly datasource?: { readonly uid: string };
    }[];
  };
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly target?: Target;
      readonly datasource: { readonly uid: string };
    }[];
  };
}

/** One query of the dashboard, with where it comes from. */
export interface DashboardQuery {
  readonly of: "panel" | "variable" | "annotation";
  readonly name: string;
  readonly sql: string;
  readonly timeSeries: boolean;
}

/** The committed JSON. */
export const dashboardText: string = readFileSync(
  new URL("../../grafana/dashboards/leeway-migration.json", import.meta.url),
  "utf8",
);

/** The committed dashboard, as Grafana reads it. */
export const dashboard: DashboardJson = JSON.parse(dashboardText);

/** Panels that show data; rows are left out. */
export const panels: readonly PanelJson[] = dashboard.panels.filter(({ type }) => type !== "row");

/** Every query of the dashboard: panels, variables, annotations. */
export const queries: readonly DashboardQuery[] = [
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ rawSql, format }) => ({
      of: "panel" as const,
      name: title,
      sql: rawSql,
      timeSeries: format === 0,
    })),
  ),
  ...dashboard.templating.list.flatMap(({ name, query }) =>
    typeof query === "string" ? [] : [{ of: "variable" as const, name, sql: query.rawSql, timeSeries: false }],
  ),
  ...dashboard.annotations.list.flatMap(({ name, target }) =>
    target === undefined ? [] : [{ of: "annotation" as const, name, sql: target.rawSql, timeSeries: false }],
  ),
];
