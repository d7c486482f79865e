/** Variables by name: `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A place that telemetry goes to. */
export interface TelemetryPlace {
  readonly signal: "traces" | "metrics";
  readonly url: URL;
  /** The variable that says so; null where it is the default of OTLP. */
  readonly variable: string | null;
}

const trimmed = (environment: Environment, name: string): string => environment[name]?.trim() ?? "";

/** The exporters of a signal, as the SDK reads them: none at all, or what is named, or OTLP. */
const exportersOf = (environment: Environment, signal: string): readonly string[] => {
  const named = trimmed(environment, `OTEL_${signal}_EXPORTER`)
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (named.length === 0) return ["otlp"];
  // With others beside it, the SDK takes it for a mistake in one signal and obeys it in the other.
  return named.includes("none") ? (named.length === 1 ? [] : ["otlp"]) : named;
};

/** An address without a scheme is one of gRPC, or a mistake; both have a host and a port. */
const readUrl = (text: string): URL | null => {
  const url = text.includes("://") ? text : `http://${text}`;
  return text !== "" && URL.canParse(url) ? new URL(url) : null;
};

const otlpPlace = (environment: Environment, signal: "traces" | "metrics"): TelemetryPlace => {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`;
  for (const variable of [`${own}_ENDPOINT`, "OTEL_EXPORTER_OTLP_ENDPOINT"]) {
    // The SDK passes over what is no address.
    const url = readUrl(trimmed(environment, variable));
    if (url !== null) return { signal, url, variable };
  }
  const protocol = trimmed(environment, `${own}_PROTOCOL`) || trimmed(environment, "OTEL_EXPORTER_OTLP_PROTOCOL");
  return { signal, url: new URL(`http://localhost:${protocol === "grpc" ? 4317 : 4318}`), variable: null };
};

const ZIPKIN = "OTEL_EXPORTER_ZIPKIN_ENDPOINT";

const placesOf = (environment: Environment, signal: "traces" | "metrics"): readonly TelemetryPlace[] =>
  exportersOf(environment, signal.toUpperCase()).flatMap((exporter) => {
    if (exporter === "otlp") return [otlpPlace(environment, signal)];
    const zipkin = exporter === "zipkin" ? readUrl(trimmed(environment, ZIPKIN)) : null;
    return zipkin === null ? [] : [{ signal, url: zipkin, variable: ZIPKIN }];
  });

/** Where the Node SDK sends traces and metrics by these variables; nothing where it is switched off. */
export const telemetryPlaces = (environment: Environment): readonly TelemetryPlace[] =>
  trimmed(environment, "OTEL_SDK_DISABLED").toLowerCase() === "true"
    ? []
    : [...placesOf(environment, "traces"), ...placesOf(environment, "metrics")];
