import { OVERALL, type Tick } from "../../core/sample.ts";
import type { Store } from "../../store/store.ts";
import type { Ending, Facts, Telemetry } from "./telemetry.ts";

const done = (facts: Facts = {}): Ending => ({ outcome: "done", problem: "", facts });

const callsIn = ({ calls }: Tick): Facts => ({
  calls: calls.filter(({ segment }) => segment === OVERALL).reduce((sum, { calls }) => sum + calls, 0),
});

/** The store, whose folds are told about, and how many spans it took in. */
export const tracedStore = (store: Store, telemetry: Telemetry): Store => {
  const fold = <T>(
    labels: Readonly<Record<string, string>>,
    { from, to }: { readonly from: number; readonly to: number },
    run: () => Promise<T>,
    factsOf: (folded: T) => Facts = () => ({}),
  ): Promise<T> =>
    telemetry.within({ name: "fold", labels, facts: { from_ms: from, to_ms: to } }, run, (folded) =>
      done(factsOf(folded)),
    );
  const { monitors } = store;
  return {
    ...store,
    foldTick: (request) => fold({ migration: request.migration }, request, () => store.foldTick(request), callsIn),
    foldPast: (request) => fold({ migration: request.migration.name }, request, () => store.foldPast(request), callsIn),
    insertSpans: async (batch) => {
      const inserted = await store.insertSpans(batch);
      telemetry.stored(batch.rows - inserted.refused.length);
      return inserted;
    },
    monitors: {
      ...monitors,
      foldPast: (request) => fold({ monitor: request.monitor.name }, request, () => monitors.foldPast(request)),
      foldSlice: (request) => fold({ monitor: request.monitor.name }, request, () => monitors.foldSlice(request)),
    },
  };
};
