import { figure } from "../../core/figure.ts";
import { utcMinute } from "../../core/utc-text.ts";
import { type Html, html } from "../html.ts";
import type { EvidencePoint } from "./report.ts";

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 8;
const TOP = 20;
const BOTTOM = 18;

interface Scale {
  readonly x: (at: number) => string;
  readonly y: (value: number) => string;
}

const scaleOf = (points: readonly EvidencePoint[], [low, high]: readonly [number, number]): Scale => {
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const [width, height] = [WIDTH - 2 * LEFT, HEIGHT - TOP - BOTTOM];
  const at = (share: number, length: number, start: number): string => (start + share * length).toFixed(1);
  return {
    x: (moment) => at(to > from ? (moment - from) / (to - from) : 0.5, width, LEFT),
    y: (value) => at(high > low ? (high - Math.min(high, Math.max(low, value))) / (high - low) : 0.5, height, TOP),
  };
};

/** Points that were judged by the same calls and limits: evidence does not reach beyond them, so no line does. */
const runsOf = (points: readonly EvidencePoint[]): readonly (readonly EvidencePoint[])[] =>
  points.reduce<EvidencePoint[][]>((runs, point) => {
    const run = runs.at(-1);
    if (run?.[0]?.run === point.run) run.push(point);
    else runs.push([point]);
    return runs;
  }, []);

type Reading = (point: EvidencePoint) => number | null;

/** One line through the known values of a reading, broken where it is unknown; one value alone is a dot. */
const line = (points: readonly EvidencePoint[], reading: Reading, { x, y }: Scale, name: string): readonly Html[] =>
  runsOf(points).flatMap((run) => {
    const known = run.flatMap((point) => {
      const value = reading(point);
      return value === null || !Number.isFinite(value) ? [] : [`${x(point.at)},${y(value)}`];
    });
    const [first] = known;
    if (first === undefined) return [];
    const [cx, cy] = first.split(",");
    return known.length === 1
      ? [html`<circle class="${name}" cx="${cx ?? "0"}" cy="${cy ?? "0"}" r="2.5"/>`]
      : [html`<polyline class="${name}" points="${known.join(" ")}"/>`];
  });

const band = (points: readonly EvidencePoint[], { x, y }: Scale): readonly Html[] =>
  runsOf(points).flatMap((run) => {
    const known = run.flatMap(({ at, interval }) => (interval === null ? [] : [{ at, ...interval }]));
    if (known.length < 2) return [];
    const upper = known.map((each) => `${x(each.at)},${y(each.upper)}`);
    const lower = known.toReversed().map((each) => `${x(each.at)},${y(each.lower)}`);
    return [html`<polygon class="interval" points="${[...upper, ...lower].join(" ")}"/>`];
  });

const extent = (values: readonly (number | null)[]): readonly [number, number] | null => {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as readonly number[];
  if (known.length === 0) return null;
  return [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
};

const frame = (title: string, points: readonly EvidencePoint[], drawn: readonly Html[]): Html => {
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><text x="${LEFT}" y="13">${title}</text>${drawn}<text class="axis" x="${LEFT}" y="${HEIGHT - 4}">${utcMinute(from)}</text><text class="axis" x="${WIDTH - LEFT}" y="${HEIGHT - 4}" text-anchor="end">${utcMinute(to)}</text></svg>`;
};

/** Evidence against the rule over time, up to what a breach takes. What speaks for the rule lies below zero, and is cut. */
const evidencePanel = (points: readonly EvidencePoint[]): Html => {
  const threshold = points.reduce((most, point) => Math.max(most, point.threshold), 0);
  const range = extent(points.map(({ logE }) => logE)) ?? [0, 0];
  const floor = Math.max(-threshold, -20);
  const scale = scaleOf(points, [Math.max(range[0], floor) - 0.5, Math.max(range[1], threshold) * 1.1]);
  const cut = range[0] < floor - 0.5 ? `; cut below ${(floor - 0.5).toFixed(1)}` : "";
  return frame(`log e-value; breach at ${threshold.toFixed(1)} (dashed)${cut}`, points, [
    ...line(points, (point) => point.threshold, scale, "limit"),
    ...line(points, (point) => point.logE, scale, "value"),
  ]);
};

/** The canary's value and its 99% interval against the limit. */
const valuePanel = (points: readonly EvidencePoint[], unit: string): Html | null => {
  const range = extent(points.flatMap(({ value, limit }) => [value, limit]));
  if (range === null || points.every(({ value }) => value === null)) return null;
  // An interval of the first calls is as wide as the page: what it is near to the values is looked at.
  const room = (range[1] - range[0] || Math.abs(range[1]) || 1) * 0.6;
  // A share, a price or a length of time is never below nothing, and no page should say that one could be.
  const limits: readonly [number, number] = [
    range[0] < 0 ? range[0] - room : Math.max(0, range[0] - room),
    range[1] + room,
  ];
  const scale = scaleOf(points, limits);
  const drawn = points.some(({ interval }) => interval !== null) ? "99% interval, " : "";
  const title = `canary, ${drawn}limit (dashed); ${figure(limits[0], unit)} to ${figure(limits[1], unit)}`;
  return frame(title, points, [
    ...band(points, scale),
    ...line(points, (point) => point.limit, scale, "limit"),
    ...line(points, (point) => point.value, scale, "value"),
  ]);
};

/** A rule's evidence over time as inline SVG: no script, no request, colours from the page. */
export const evidencePlot = (points: readonly EvidencePoint[], unit: string): Html =>
  points.length === 0 ? html`` : html`<div class="plots">${evidencePanel(points)}${valuePanel(points, unit)}</div>`;
