const FOREIGN = /^OTEL_EXPORTER_OTLP_/;

/**
 * Runs `fn` as if no `OTEL_EXPORTER_OTLP_*` variable were set. Those belong to the app's own tracing; the exporter
 * would merge their headers (another vendor's API key), compression and certificates into requests to our collector.
 */
export const withoutForeignExporterSettings = <T>(env: NodeJS.ProcessEnv, fn: () => T): T => {
  const foreign = Object.entries(env).filter(([name]) => FOREIGN.test(name));
  for (const [name] of foreign) delete env[name];
  try {
    return fn();
  } finally {
    Object.assign(env, Object.fromEntries(foreign));
  }
};
