import type { MonitorStore } from "../../store/monitors/monitor-store.ts";
import { eachWithin, within } from "../bounded-store.ts";

/**
 * The monitors' part of the store, except that no call takes longer than `ms`: a database that hangs is a problem to be
 * shown, and must not keep the agent from ending.
 */
export const boundMonitorStore = (store: MonitorStore, ms: number): MonitorStore => ({
  origin: (monitor, proposed) => within(ms, store.origin(monitor, proposed)),
  foldPast: (request) => within(ms, store.foldPast(request)),
  foldSlice: (request) => within(ms, store.foldSlice(request)),
  readSlices: (monitor, sinceMs) => eachWithin(ms, store.readSlices(monitor, sinceMs)),
  readState: (monitor) => within(ms, store.readState(monitor)),
  writeState: (monitor, at, state) => within(ms, store.writeState(monitor, at, state)),
  probeCalls: (monitor, sinceMs) => within(ms, store.probeCalls(monitor, sinceMs)),
});
