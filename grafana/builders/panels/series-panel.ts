import {
  AxisPlacement,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DynamicConfigValue,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { clickhouseQuery, DATASOURCE, labelName } from "../datasource.ts";
import { gridPos, type PanelSpec } from "../panel-spec.ts";

/** A graph over time. */
export interface SeriesSpec extends PanelSpec {
  readonly unit: string;
  /** Draws a dashed line here. */
  readonly line?: number;
  /** Text column whose values name the series; without it, numeric columns are the series. */
  readonly label?: string;
  /** Bars, one on the other: for parts of a whole. */
  readonly stacked?: boolean;
  /** Joins points across gaps: for values that hold until the next one. */
  readonly joined?: boolean;
}

/** Baseline and canary have the same colours in every panel, also where they are told apart by quantile or kind. */
const ARM_COLORS: readonly (readonly [pattern: string, color: string])[] = [
  ["/^baseline/", "blue"],
  ["/^canary/", "orange"],
];

const color = (fixedColor: string): DynamicConfigValue => ({ id: "color", value: { mode: "fixed", fixedColor } });
const custom = (key: string, value: unknown): DynamicConfigValue => ({ id: `custom.${key}`, value });

/** The interval is a band between two invisible lines; a limit is dashed and red. */
const decorate = (panel: PanelBuilder): PanelBuilder =>
  ARM_COLORS.reduce((built, [pattern, name]) => built.overrideByRegexp(pattern, [color(name)]), panel)
    .overrideByRegexp("/^canary_(lo|hi)$/", [
      custom("lineWidth", 0),
      custom("hideFrom", { legend: true, tooltip: false, viz: false }),
    ])
    .overrideByName("canary_hi", [custom("fillBelowTo", "canary_lo"), custom("fillOpacity", 15)])
    .overrideByRegexp("/p50$/", [custom("lineStyle", { fill: "dash", dash: [10, 6] })])
    .overrideByName("limit", [color("red"), custom("lineStyle", { fill: "dash", dash: [6, 6] })]);

/** Builds a graph over time whose numeric columns are its series. Time buckets are at least a minute, as in the store. */
export const seriesPanel = (spec: SeriesSpec): PanelBuilder => {
  const panel = new PanelBuilder()
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .gridPos(gridPos(spec.at))
    .datasource(DATASOURCE)
    .unit(spec.unit)
    .noValue("no data")
    .interval("1m")
    .axisPlacement(AxisPlacement.Auto)
    .axisSoftMin(0)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(spec.joined ?? false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None))
    .withTarget(clickhouseQuery("A", "time-series", spec.sql));
  if (spec.line !== undefined)
    panel
      .thresholds(
        new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
          { value: null, color: "transparent" },
          { value: spec.line, color: "red" },
        ]),
      )
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (spec.stacked === true)
    panel
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(60)
      .lineWidth(0)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  if (spec.label !== undefined) panel.displayName(labelName(spec.label));
  return decorate(panel);
};
