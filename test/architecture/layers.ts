/** The layer of every product folder; an import points to a strictly lower one or stays in its folder. */
export const LAYERS: Readonly<Record<string, number>> = {
  core: 0,
  async: 0,
  features: 1,
  lifecycle: 1,
  detectors: 1,
  http: 1,
  store: 2,
  alerts: 2,
  grafana: 2,
  formats: 2,
  instrumentation: 3,
  collector: 3,
  status: 3,
  agent: 4,
  cli: 5,
  demo: 6,
};

/**
 * Folders that may import less than their layer would let them: what runs in other people's processes brings no store
 * and no statistics along, and the adapters never import one another.
 */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  formats: ["core", "features"],
  instrumentation: ["core", "async", "features", "formats"],
  collector: ["core", "async", "features", "formats", "http"],
};

/** The one exception: `leeway demo` is a command. */
const ALLOWED_ASIDE: readonly string[] = ["cli -> demo"];

/** True when a file of folder `from` may import a file of folder `to`. */
export const mayImport = (from: string, to: string): boolean => {
  if (from === to || ALLOWED_ASIDE.includes(`${from} -> ${to}`)) return true;
  if (ONLY[from] !== undefined && !ONLY[from].includes(to)) return false;
  const lower = LAYERS[to];
  const upper = LAYERS[from];
  return lower !== undefined && upper !== undefined && lower < upper;
};
