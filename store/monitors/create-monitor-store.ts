import type { Database } from "../database.ts";
import { foldPast, foldSlice } from "./fold-monitor.ts";
import { originOf, readState, writeState } from "./monitor-state.ts";
import type { MonitorStore } from "./monitor-store.ts";
import { probeCalls } from "./probe-calls.ts";
import { readSlices } from "./read-slices.ts";

/** The part of the store that keeps what monitors judged and knew. */
export const createMonitorStore = (database: Database): MonitorStore => ({
  origin: (monitor, proposed) => originOf(database, monitor, proposed),
  foldPast: (request) => foldPast(database, request),
  foldSlice: (request) => foldSlice(database, request),
  readSlices: (monitor, sinceMs) => readSlices(database, monitor, sinceMs),
  readState: (monitor) => readState(database, monitor),
  writeState: (monitor, at, state) => writeState(database, monitor, at, state),
  probeCalls: (monitor, sinceMs) => probeCalls(database, monitor, sinceMs),
});
