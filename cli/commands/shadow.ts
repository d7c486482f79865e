import { createPlaceFile } from "../../agent/beside/place-file.ts";
import { type BesidePlan, type BesideResult, runBeside } from "../../agent/beside/run-beside.ts";
import type { StoredContent } from "../../agent/beside/stored-content.ts";
import { createPace } from "../../agent/replay/pace.ts";
import { LeewayError } from "../../core/errors.ts";
import { loadPreload } from "../../instrumentation/load-preload.ts";
import { type SharedBeside, sharedBeside } from "../../instrumentation/shared-beside.ts";
import type { ApiClient } from "../api-client.ts";
import { clock, listen } from "../asking.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderBeside } from "../render/beside.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway shadow` is given beside the migration; texts as they were typed. */
export interface ShadowOptions {
  readonly provider?: string;
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly baselineProvider?: string;
  readonly baselineUrl?: string;
  readonly baselineKeyEnv?: string;
  readonly maxTokens?: string;
  readonly service?: string;
  readonly rate?: string;
  readonly concurrency?: string;
  readonly place?: string;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** Where it prints, and whose variables it goes by. */
export interface ShadowConsole {
  readonly output: Terminal;
  readonly errors: Terminal;
  readonly environment: NodeJS.ProcessEnv;
}

const PAGE = 50;
const POLL_MS = 5_000;

const invalid = (option: string, expected: string, found: string): LeewayError =>
  new LeewayError("config-invalid", `--${option}: ${JSON.stringify(found)}; expected ${expected}`);

const whole = (option: string, text: string | undefined, most: number): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= 1 && number <= most) return number;
  throw invalid(option, `a whole number from 1 to ${most}`, text);
};

const rateOf = (text: string): number => {
  const number = Number(text);
  if (/^[\d.]+$/.test(text) && Number.isFinite(number) && number > 0) return number;
  throw invalid("rate", "a number of calls a second above 0", text);
};

const pathOf = (migration: string): string => `/api/v1/migrations/${encodeURIComponent(migration)}`;

/** Reads stored calls and which of them were asked. */
const readerOf = (client: ApiClient, migration: string) => ({
  page: async (after: string): Promise<readonly StoredContent[]> => {
    const query = new URLSearchParams({ limit: String(PAGE), ...(after === "" ? {} : { after }) });
    const { calls } = await client.get<{ readonly calls: readonly StoredContent[] }>(
      `${pathOf(migration)}/content?${query}`,
    );
    return calls;
  },
  asked: async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const { calls } = await client.get<{ readonly calls: readonly { traceId: string; spanId: string }[] }>(
      `${pathOf(migration)}/asked-calls?calls=${ids.join(",")}`,
    );
    return new Set(calls.map(({ traceId, spanId }) => `${traceId}.${spanId}`));
  },
});

type Reader = ReturnType<typeof readerOf>;

/** The service that is named, else that of the first stored call; null where none is stored and none is waited for. */
const serviceOf = async (
  { service, once = false }: ShadowOptions,
  { page }: Reader,
  from: string,
  ending: AbortSignal,
): Promise<string | null> => {
  if (service !== undefined) return service;
  while (!ending.aborted) {
    const [first] = await page(from);
    if (first !== undefined) return first.service;
    if (once) return null;
    await clock.sleep(POLL_MS, ending);
  }
  return null;
};

/** This process's own preload, as one of the service whose calls are asked again. */
const startBeside = (environment: NodeJS.ProcessEnv, service: string): SharedBeside => {
  // What the pairs and the spans are told by; content of second calls is not captured unless somebody says so.
  environment.OTEL_SERVICE_NAME = service;
  const beside = loadPreload() ? sharedBeside() : null;
  if (beside !== null) return beside;
  throw new LeewayError(
    "config-invalid",
    "the shadow does not run in this process: LEEWAY_SHADOW=off or LEEWAY_DISABLED is set, or (in a checkout) dist/ is not built",
  );
};

const NOTHING: BesideResult = {
  ...{ outcomes: {}, before: 0, otherService: 0, stopped: "" },
  notAskable: { shortened: 0, "no-messages": 0, redacted: 0, "other-words": 0 },
};

const planOf = (migration: string, options: ShadowOptions, service: string): BesidePlan => ({
  ...{ migration, service, isOnce: options.once === true },
  concurrency: whole("concurrency", options.concurrency, 64) ?? 64,
  candidate: {
    ...{ provider: options.provider ?? null, baseUrl: options.baseUrl ?? null },
    ...{ keyVariable: options.keyEnv ?? null, maxTokens: whole("max-tokens", options.maxTokens, 2 ** 31 - 1) },
  },
  baseline: {
    ...{ provider: options.baselineProvider ?? null, baseUrl: options.baselineUrl ?? null },
    keyVariable: options.baselineKeyEnv ?? null,
  },
});

/** Everything is dealt with: 0; something is left: 4. */
const exitOf = ({ stopped }: BesideResult): ExitCode => (stopped === "" ? 0 : 4);

/**
 * `leeway shadow`: asks a migration's candidate what stored calls asked its baseline. Exit 0 when all that is stored is dealt with,
 * 2 for bad input, 4 when something is left for the next run.
 */
export const shadowBeside = async (
  client: ApiClient,
  migration: string,
  options: ShadowOptions,
  { output, errors, environment }: ShadowConsole,
): Promise<ExitCode> => {
  const rate = rateOf(options.rate ?? "2");
  planOf(migration, options, "");
  const file = createPlaceFile(options.place ?? `leeway-shadow-${migration.replace(/[^\w.-]/g, "_")}.json`, migration);
  const reader = readerOf(client, migration);
  const { stop, ...signals } = listen(errors);
  let result = NOTHING;
  try {
    const from = await file.read();
    const service = await serviceOf(options, reader, from, signals.ending);
    if (service !== null)
      result = await runBeside(planOf(migration, options, service), {
        ...{ beside: startBeside(environment, service), ...reader, from, save: file.write, environment, clock },
        ...{ pace: createPace(clock, rate), ...signals, say: (line) => errors.print(`${line}\n`) },
      });
  } finally {
    stop();
  }
  output.print(
    options.json === true
      ? `${JSON.stringify({ schema: "leeway.shadow/1", migration, ...result })}\n`
      : renderBeside(migration, result),
  );
  return exitOf(result);
};
