import type { GridPos } from "@grafana/grafana-foundation-sdk/dashboard";

/** What every panel says of itself. `id` is unique in the dashboard and never reused: links to a panel carry it. */
export interface PanelSpec {
  readonly id: number;
  readonly title: string;
  /** One or two sentences: what is shown, and how to read it. */
  readonly description: string;
  /** Left edge, top edge, width and height; the grid is 24 wide. */
  readonly at: readonly [x: number, y: number, w: number, h: number];
  readonly sql: string;
}

/** Grid position of a panel. */
export const gridPos = ([x, y, w, h]: PanelSpec["at"]): GridPos => ({ x, y, w, h });
