import { createRequire } from "node:module";
import { join } from "node:path";
import { LeewayError } from "../../core/errors.ts";

/** The OpenTelemetry API. */
export type Api = typeof import("@opentelemetry/api");

/** The optional packages that telemetry needs. */
export interface Sdk {
  readonly NodeSDK: typeof import("@opentelemetry/sdk-node").NodeSDK;
  readonly api: Api;
}

const SDK = "@opentelemetry/sdk-node";
const API = "@opentelemetry/api";

/** Modules whose neighbourhood is searched: this one, and the directory the agent runs in. */
const SEARCHED: readonly string[] = [import.meta.url, join(process.cwd(), "package.json")];

/** Loads the packages as a module at `searched` would. Throws LeewayError `missing-package`. */
export const loadSdk = (searched: readonly string[] = SEARCHED): Sdk => {
  let cause: unknown;
  for (const from of searched) {
    try {
      const require = createRequire(from);
      // The API that this SDK registers itself with: of another version's copy nothing would be seen, without an error.
      const api: Api = createRequire(require.resolve(SDK))(API);
      return { NodeSDK: require(SDK).NodeSDK, api };
    } catch (error) {
      cause ??= error;
    }
  }
  throw new LeewayError(
    "missing-package",
    `agent.telemetry needs ${SDK} and ${API}; run: npm install ${SDK} ${API}, or set agent.telemetry to false`,
    { cause },
  );
};
