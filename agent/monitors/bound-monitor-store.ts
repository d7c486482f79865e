import type { MonitorStore } from "../../store/monitors/monitor-store.ts";
import { eachWithin, storeWithin } from "../bounded-store.ts";

/**
 * The monitors' part of the store, except that no call takes longer than `ms`: a database that hangs is a problem to be
 * shown, and must not keep the agent from ending.
 */
export const boundMonitorStore = (store: MonitorStore, ms: number): MonitorStore => ({
  origin: (monitor, proposed) => storeWithin(ms, store.origin(monitor, proposed)),
  foldPast: (request) => storeWithin(ms, store.foldPast(request)),
  foldSlice: (request) => storeWithin(ms, store.foldSlice(request)),
  readSlices: (monitor, sinceMs) => eachWithin(ms, store.readSlices(monitor, sinceMs)),
  readState: (monitor) => storeWithin(ms, store.readState(monitor)),
  writeState: (monitor, at, state) => storeWithin(ms, store.writeState(monitor, at, state)),
  probeCalls: (monitor, sinceMs) => storeWithin(ms, store.probeCalls(monitor, sinceMs)),
});
