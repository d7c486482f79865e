// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's own placeholders
import { describe, expect, it } from "vitest";
import { buildMigrationDashboard } from "../../grafana/builders/migration-dashboard.ts";
import { dashboard, dashboardText, type PanelJson, panels, queries } from "./dashboard-model.ts";

const repeated = <T>(items: readonly T[]): T[] => items.filter((item, index) => items.indexOf(item) !== index);

const overlaps = ({ gridPos: a }: PanelJson, { gridPos: b }: PanelJson): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe("the migration dashboard", () => {
  it("is what its builders make (else: npm run generate)", () => {
    expect(dashboardText).toBe(`${JSON.stringify(buildMigrationDashboard(), null, 2)}\n`);
  });

  it("has panels, variables and annotations with queries", () => {
    const count = (of: string): number => queries.filter((query) => query.of === of).length;
    expect([count("panel") >= 20, count("variable"), count("annotation")]).toEqual([true, 3, 5]);
  });

  it("gives every panel and row an id of its own", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(repeated(ids)).toEqual([]);
    expect(ids.filter((id) => !(id > 0))).toEqual([]);
  });

  it("gives the queries of a panel reference ids of their own", () => {
    for (const { targets = [] } of panels) expect(repeated(targets.map(({ refId }) => refId))).toEqual([]);
  });

  it("lays panels out inside the grid, none over another", () => {
    for (const [index, panel] of dashboard.panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w, panel.title).toBeLessThanOrEqual(24);
      const over = dashboard.panels.slice(index + 1).filter((other) => overlaps(panel, other));
      expect(
        over.map(({ title }) => `${panel.title} / ${title}`),
        panel.title,
      ).toEqual([]);
    }
  });

  it("leaves no gap between the sections", () => {
    const rows = new Set(
      dashboard.panels.flatMap(({ gridPos: { y, h } }) => Array.from({ length: h }, (_, i) => y + i)),
    );
    expect(rows.size).toBe(Math.max(...rows) + 1);
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    "%s has title, description, unit and a query",
    (_, panel) => {
      expect(panel.title).not.toBe("");
      expect(panel.description ?? "").toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults.unit ?? "").not.toBe("");
      expect(panel.targets).toHaveLength(1);
    },
  );

  it("asks the datasource chosen at the top, everywhere", () => {
    const used = [
      ...panels.map(({ datasource }) => datasource?.uid),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid)),
      ...dashboard.annotations.list.map(({ datasource }) => datasource.uid),
      ...dashboard.templating.list.filter(({ type }) => type === "query").map(({ datasource }) => datasource?.uid),
    ];
    expect(new Set(used)).toEqual(new Set(["${datasource}"]));
  });

  it("declares every variable it uses", () => {
    const declared = dashboard.templating.list.map(({ name }) => name);
    const used = [...dashboardText.matchAll(/\$\{(\w+)|\$([a-zA-Z]\w*)/g)].map(([, braced, plain]) => braced ?? plain);
    expect(used.filter((name) => !declared.includes(name ?? "") && !name?.startsWith("__"))).toEqual([]);
    expect(declared.filter((name) => !used.includes(name))).toEqual([]);
  });

  it("reloads its variables when the time range changes", () => {
    const refresh = dashboard.templating.list
      .filter(({ type }) => type === "query")
      .map((variable) => variable.refresh);
    expect(refresh).toEqual([2, 2, 2]);
  });

  it.each(queries.map((query) => [`${query.of} ${query.name}`, query.sql] as const))(
    "%s is bounded in time and lets Grafana quote every variable",
    (_, sql) => {
      expect(sql).toMatch(/\$__(timeFilter|toTime)/);
      const bare = sql
        .replace(/\$__\w+/g, "")
        .replace(/, \$service\)/g, "")
        .match(/\$\{\w+\}|\$[a-z]\w*|'\$/g);
      expect(bare).toBeNull();
    },
  );

  it.each(queries.filter(({ of }) => of === "annotation").map(({ name, sql }) => [name, sql] as const))(
    "annotation %s escapes its text, which Grafana renders as HTML",
    (_, sql) => {
      expect(sql).toMatch(/^SELECT at AS time, encodeXMLComponent\(/);
    },
  );

  it("cannot be edited in place: its source is the builders", () => {
    expect(dashboard.editable).toBe(false);
  });
});
