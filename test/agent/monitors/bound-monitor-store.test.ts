import { expect, it } from "vitest";
import { boundMonitorStore } from "../../../agent/monitors/bound-monitor-store.ts";
import type { MonitorStore } from "../../../store/monitors/monitor-store.ts";
import { aMonitor } from "../../detectors/monitors/monitor-world.ts";

const never = <T>(): Promise<T> => new Promise(() => undefined);

async function* neverEach<T>(): AsyncGenerator<T> {
  yield await never<T>();
}

const HANGING: MonitorStore = {
  origin: () => never(),
  foldPast: () => never(),
  foldSlice: () => never(),
  readSlices: () => neverEach(),
  readState: () => never(),
  writeState: () => never(),
  probeCalls: () => never(),
};

const monitor = aMonitor();
const fold = { monitor, from: 0, to: 60_000, origin: 0 };
const bound = boundMonitorStore(HANGING, 20);

it.each([
  ["origin", () => bound.origin(monitor, 0)],
  ["foldPast", () => bound.foldPast(fold)],
  ["foldSlice", () => bound.foldSlice(fold)],
  ["readSlices", async () => void (await bound.readSlices(monitor, 0)[Symbol.asyncIterator]().next())],
  ["readState", () => bound.readState(monitor)],
  ["writeState", () => bound.writeState(monitor, 0, "{}")],
  ["probeCalls", () => bound.probeCalls("m", 0)],
])("%s of a store that hangs is an error in time", async (_name, call) => {
  await expect(call()).rejects.toMatchObject({ code: "store-unavailable", message: expect.stringContaining("20 ms") });
});
