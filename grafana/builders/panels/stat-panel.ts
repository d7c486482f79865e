import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { ThresholdsConfigBuilder, ThresholdsMode, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { clickhouseQuery, DATASOURCE } from "../datasource.ts";
import { gridPos, type PanelSpec } from "../panel-spec.ts";

/** A panel with one value. */
export interface StatSpec extends PanelSpec {
  readonly unit: string;
  /** Shown when the query has no row. */
  readonly empty: string;
  /** Colours by value, lowest first; the first applies from minus infinity. */
  readonly steps: readonly (readonly [from: number | null, color: string])[];
  readonly mappings?: readonly ValueMapping[];
}

/** Builds a panel with one value, text or number, in the colour of its threshold or mapping. */
export const statPanel = (spec: StatSpec): PanelBuilder =>
  new PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .gridPos(gridPos(spec.at))
    .datasource(DATASOURCE)
    .unit(spec.unit)
    .noValue(spec.empty)
    .mappings([...(spec.mappings ?? [])])
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(spec.steps.map(([value, color]) => ({ value, color }))),
    )
    // An empty field list means numbers only, and would hide every text.
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("/.*/").values(false))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.Value)
    .withTarget(clickhouseQuery("A", "table", spec.sql));
