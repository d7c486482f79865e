import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { clickhouseQuery, DATASOURCE, labelName } from "../datasource.ts";
import { gridPos, type PanelSpec } from "../panel-spec.ts";

/** A band of states over time, one per numeric column; numbers become words through mappings or a unit. */
export interface TimelineSpec extends PanelSpec {
  readonly unit: string;
  readonly mappings: readonly ValueMapping[];
  /** Text column whose values name the bands; without it, numeric columns are the bands. */
  readonly label?: string;
  readonly steps: readonly (readonly [from: number | null, color: string])[];
}

/** Builds a timeline in which a state holds until the next one and equal neighbours are merged. */
export const timelinePanel = (spec: TimelineSpec): PanelBuilder => {
  const panel = new PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .gridPos(gridPos(spec.at))
    .datasource(DATASOURCE)
    .unit(spec.unit)
    .noValue("no data")
    .interval("1m")
    .mappings([...spec.mappings])
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(spec.steps.map(([value, color]) => ({ value, color }))),
    )
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.85)
    .spanNulls(true)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Hidden)
        .placement(LegendPlacement.Bottom)
        .showLegend(false)
        .calcs([]),
    )
    .withTarget(clickhouseQuery("A", "time-series", spec.sql));
  return spec.label === undefined ? panel : panel.displayName(labelName(spec.label));
};
