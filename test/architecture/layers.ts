/** The layer of every product folder; an import points to a strictly lower one or stays in its folder. */
export const LAYERS: Readonly<Record<string, number>> = {
  core: 0,
  features: 1,
  http: 1,
  instrumentation: 1,
  collector: 2,
  store: 2,
  alerts: 2,
  detectors: 2,
  grafana: 3,
  agent: 4,
  cli: 5,
};

/** The one exception: the preload computes output features in the user's process. */
const ALLOWED_ASIDE: readonly string[] = ["instrumentation -> features"];

/** True when a file of folder `from` may import a file of folder `to`. */
export const mayImport = (from: string, to: string): boolean => {
  if (from === to || ALLOWED_ASIDE.includes(`${from} -> ${to}`)) return true;
  const lower = LAYERS[to];
  const upper = LAYERS[from];
  return lower !== undefined && upper !== undefined && lower < upper;
};
