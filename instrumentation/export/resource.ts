import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TracerProviderOptions } from "@opentelemetry/sdk-trace";
import { OTEL } from "../../core/attributes.ts";

/** What identifies this process on every span. */
export type Resource = NonNullable<TracerProviderOptions["resource"]>;

/** What is known about the process. */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the app's main file; undefined without one (REPL, `-e`). */
  readonly mainFile: string | undefined;
  /** Unique per process. */
  readonly instanceId: string;
  readonly hostName: string;
  readonly pid: number;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
};

/** `OTEL_RESOURCE_ATTRIBUTES`: `key=value,key=value`, percent-encoded. Pairs that are none are left out. */
const declaredAttributes = (text: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (text ?? "").split(",").flatMap((pair) => {
      const [key = "", value] = pair.split("=", 2);
      return value === undefined || key.trim() === "" ? [] : [[decode(key), decode(value)]];
    }),
  );

/** The `name` of the nearest package.json above a file. */
const packageName = (file: string | undefined): string | null => {
  if (file === undefined) return null;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (typeof name === "string") return name;
    } catch {
      // No package.json here, or none that can be read: look further up.
    }
    if (folder === dirname(folder)) return null;
  }
};

/**
 * The resource of this process: `service.name` from OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES or the app's
 * package.json, `service.instance.id`, host, pid and whatever else OTEL_RESOURCE_ATTRIBUTES declares.
 */
export const createResource = ({ env, mainFile, instanceId, hostName, pid }: ProcessFacts): Resource => {
  const declared = declaredAttributes(env.OTEL_RESOURCE_ATTRIBUTES);
  const serviceName =
    env.OTEL_SERVICE_NAME || declared[OTEL.serviceName] || packageName(mainFile) || "unknown_service:node";
  const attributes = {
    [OTEL.serviceInstance]: instanceId,
    "host.name": hostName,
    "process.pid": pid,
    ...declared,
    [OTEL.serviceName]: serviceName,
  };
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
};
