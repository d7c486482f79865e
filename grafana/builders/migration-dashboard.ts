import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { actionLog } from "./action-log.ts";
import { annotations } from "./annotations.ts";
import { armComparison } from "./arm-comparison.ts";
import { costPanels } from "./cost-panels.ts";
import { evidencePanels } from "./evidence-panels.ts";
import { pipelinePanels } from "./pipeline-panels.ts";
import { shadowPanels } from "./shadow-panels.ts";
import { stageTimeline } from "./stage-timeline.ts";
import { variables } from "./variables.ts";
import { verdictStrip } from "./verdict-strip.ts";

interface Section {
  readonly title: string;
  readonly panels: (y: number) => readonly Builder<Panel>[];
  /** Grid rows its panels take. */
  readonly height: number;
}

/** In the order an on-call person asks: is it bad, since when, how bad, how sure, what was done, can I trust this. */
const SECTIONS: readonly Section[] = [
  { title: "Now", panels: verdictStrip, height: 4 },
  { title: "Stages and verdicts", panels: stageTimeline, height: 9 },
  { title: "Baseline and canary", panels: armComparison, height: 32 },
  { title: "Cost", panels: costPanels, height: 8 },
  { title: "Shadow", panels: shadowPanels, height: 24 },
  { title: "Evidence", panels: evidencePanels, height: 15 },
  { title: "What was decided and done", panels: actionLog, height: 10 },
  { title: "Can the numbers be trusted", panels: pipelinePanels, height: 16 },
];

const addSections = (dashboard: DashboardBuilder): void => {
  let y = 0;
  for (const [index, { title, panels, height }] of SECTIONS.entries()) {
    dashboard.withRow(new RowBuilder(title).id(100 + index).gridPos({ x: 0, y, w: 24, h: 1 }));
    for (const panel of panels(y + 1)) dashboard.withPanel(panel);
    y += 1 + height;
  }
};

/** The dashboard "LLM migration" in Grafana's classic JSON model. The same on every call. */
export const buildMigrationDashboard = (): Dashboard => {
  const dashboard = new DashboardBuilder("LLM migration")
    .uid("leeway-migration")
    .description("One migration of an LLM application: where it stands, how the candidate compares, what was done.")
    .tags(["leeway", "llm"])
    .timezone("browser")
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("30s")
    .variables(variables())
    .annotations(annotations());
  addSections(dashboard);
  return dashboard.build();
};
