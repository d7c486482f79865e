import type { DynamicConfigValue, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { clickhouseQuery, DATASOURCE } from "../datasource.ts";
import { gridPos, type PanelSpec } from "../panel-spec.ts";

/** A table of the query's rows. */
export interface TableSpec extends PanelSpec {
  readonly unit: string;
  /** Shown when the query has no row. */
  readonly empty: string;
  /** Per column: width in pixels, unit, colours. */
  readonly columns: Readonly<Record<string, readonly DynamicConfigValue[]>>;
}

/** Column width in pixels. */
export const width = (pixels: number): DynamicConfigValue => ({ id: "custom.width", value: pixels });

/** Colours the text of a column's cells by its words. */
export const colored = (mappings: readonly ValueMapping[]): readonly DynamicConfigValue[] => [
  { id: "mappings", value: mappings },
  { id: "custom.cellOptions", value: { type: "color-text" } },
];

/** Builds a table that shows the query's columns in their order. Cells are plain text: Grafana renders no markup in them. */
export const tablePanel = (spec: TableSpec): PanelBuilder =>
  Object.entries(spec.columns).reduce(
    (panel, [name, properties]) => panel.overrideByName(name, [...properties]),
    new PanelBuilder()
      .id(spec.id)
      .title(spec.title)
      .description(spec.description)
      .gridPos(gridPos(spec.at))
      .datasource(DATASOURCE)
      .unit(spec.unit)
      .noValue(spec.empty)
      .showHeader(true)
      .withTarget(clickhouseQuery("A", "table", spec.sql)),
  );
