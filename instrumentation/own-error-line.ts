import { LeewayError } from "../core/errors.ts";

/**
 * The one line printed when an error of ours switches the instrumentation off. Only a LeewayError's message is shown:
 * any other may quote a prompt or an answer (JSON.parse does), so it is told by its class and place.
 */
export const ownErrorLine = (error: unknown): string => {
  if (error instanceof LeewayError) return `leeway: instrumentation is off: ${error.message}`;
  const place = error instanceof Error ? (/^\s+at .*$/m.exec(error.stack ?? "")?.[0].trim() ?? "") : "";
  const what = error instanceof Error ? error.name : typeof error;
  return `leeway: instrumentation is off after an error of its own (${what} ${place}); the app is not affected`;
};
