import { unreachable } from "../../core/exhaustive.ts";
import type { Drift, DriftKey, MonitorEvent } from "../../core/monitor.ts";
import { HOUR_MS } from "./profile.ts";

/** One incident of a monitor: plain data. */
export interface Incident {
  /** The drift that people were paged for. */
  readonly opener: DriftKey;
  /** Epoch ms. */
  readonly pagedAt: number;
  /** Drifts that are told in it and have not ended. */
  open: DriftKey[];
}

/** At most one page in this time. */
const QUIET_MS: number = HOUR_MS;

const keyOf = ({ series, signal, direction, since }: Drift): DriftKey => ({ series, signal, direction, since });

const isSame = (a: DriftKey, b: Omit<DriftKey, "since">): boolean =>
  a.series === b.series && a.signal === b.signal && a.direction === b.direction;

const begin = (incidents: Incident[], drift: Drift): MonitorEvent => {
  const own = keyOf(drift);
  const recent = incidents.find(({ pagedAt }) => drift.at - pagedAt < QUIET_MS);
  if (recent !== undefined) {
    recent.open.push(own);
    return { kind: "drift", drift, told: { incident: recent.opener, phase: "update" } };
  }
  incidents.push({ opener: own, pagedAt: drift.at, open: [own] });
  return { kind: "drift", drift, told: { incident: own, phase: "open" } };
};

type Ending = Extract<MonitorEvent, { readonly kind: "recovered" | "adopted" }>;

const end = (incidents: Incident[], event: Ending): MonitorEvent => {
  const incident = incidents.find(({ open }) => open.some((each) => isSame(each, event.drift)));
  if (incident === undefined) return event;
  incident.open = incident.open.filter((each) => !isSame(each, event.drift));
  const phase = incident.open.length === 0 ? "resolve" : "update";
  return { ...event, told: { incident: incident.opener, phase } };
};

const threadOne = (incidents: Incident[], event: MonitorEvent): MonitorEvent => {
  switch (event.kind) {
    case "drift":
      return begin(incidents, event.drift);
    case "further": {
      const incident = incidents.find(({ open }) => open.some((each) => isSame(each, event.drift)));
      return incident === undefined ? event : { ...event, told: { incident: incident.opener, phase: "update" } };
    }
    case "recovered":
    case "adopted":
      return end(incidents, event);
    case "model-changed":
      return event;
    default:
      return unreachable(event);
  }
};

/**
 * The events with where each is told: a drift, what becomes of it and its return are one incident, and so is every drift
 * that comes within an hour of the page for another one of the monitor. `incidents` is changed in place; those that ended
 * more than an hour after their page are let go.
 */
export const threadEvents = (
  incidents: Incident[],
  events: readonly MonitorEvent[],
  at: number,
): readonly MonitorEvent[] => {
  const told = events.map((event) => threadOne(incidents, event));
  const kept = incidents.filter(({ open, pagedAt }) => open.length > 0 || at - pagedAt < QUIET_MS);
  incidents.splice(0, incidents.length, ...kept);
  return told;
};
