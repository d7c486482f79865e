/** The layer of every product folder; an import points to a strictly lower one or stays in its folder. */
export const LAYERS: Readonly<Record<string, number>> = {
  core: 0,
  async: 0,
  features: 1,
  lifecycle: 1,
  detectors: 1,
  http: 1,
  instrumentation: 1,
  collector: 2,
  store: 2,
  alerts: 2,
  grafana: 2,
  status: 3,
  agent: 4,
  cli: 5,
  demo: 6,
};

/** The exceptions: the preload computes output features in the user's process, and `leeway demo` is a command. */
const ALLOWED_ASIDE: readonly string[] = ["instrumentation -> features", "cli -> demo"];

/** True when a file of folder `from` may import a file of folder `to`. */
export const mayImport = (from: string, to: string): boolean => {
  if (from === to || ALLOWED_ASIDE.includes(`${from} -> ${to}`)) return true;
  const lower = LAYERS[to];
  const upper = LAYERS[from];
  return lower !== undefined && upper !== undefined && lower < upper;
};
