import { dirname } from "node:path";
import { OTEL } from "../core/attributes.ts";
import { PAIR } from "../core/pair-attributes.ts";
import { DAY_MS } from "../core/retention.ts";
import { SHADOW_PATH, type ShadowPlans } from "../core/shadow-plan.ts";
import type { ShadowAccess } from "../formats/ask-again/shadow-access.ts";
import { withoutAppTracing } from "./app-tracing.ts";
import { createExchange } from "./export/http-exchange.ts";
import type { Resource } from "./export/resource.ts";
import type { CallObserver } from "./fetch/call-observer.ts";
import { printLine } from "./print-line.ts";
import { createRandomHex } from "./random-hex.ts";
import { createAppFunctions } from "./shadow/app-functions.ts";
import { createShadow, type Shadow } from "./shadow/create-shadow.ts";
import { createInProcess } from "./shadow/in-process.ts";
import { createPlanSource } from "./shadow/plan-source.ts";
import { createSendAgain } from "./shadow/send-again.ts";
import { shareBeside } from "./shared-beside.ts";
import type { EventRecord } from "./shared-events.ts";
import { shareShadow } from "./shared-shadow.ts";

/** Whom a process asks what it is to shadow. */
export interface StartShadowSettings {
  readonly endpoint: string;
  readonly token: string | null;
  readonly access: ShadowAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resource: Resource;
}

/** What a process's shadow works with. */
export interface StartShadowParts {
  /** Asked once there is one: it hears of the shadow's own calls too. */
  readonly observer: () => Pick<CallObserver, "begin" | "inside">;
  readonly tell: (event: EventRecord) => void;
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => () => void;
  readonly onInternalError: (error: unknown) => void;
}

/** An agent that stays silent for this long says nothing. */
const ASK_TIMEOUT_MS = 5_000;

/** Calls that made no pair are told of together. */
const COUNTS_MS = 10_000;

const askFrom = ({ endpoint, token, resource }: StartShadowSettings) => {
  const { attributes = {} } = resource;
  const query = new URLSearchParams({
    service: String(attributes[OTEL.serviceName] ?? ""),
    instance: String(attributes[OTEL.serviceInstance] ?? ""),
  });
  const headers = { "user-agent": "leeway", ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  const url = new URL(`${endpoint.replace(/\/+$/, "")}${SHADOW_PATH}?${query}`);
  const ask = createExchange({ method: "GET", url, headers, timeoutMs: ASK_TIMEOUT_MS });
  return async (): Promise<string | null> => {
    const { status, body } = await withoutAppTracing(() => ask());
    return status === 200 ? body : null;
  };
};

/** Where the app's packages are: beside its main file, else where it was started. */
const appPlaces = (): readonly string[] => [
  ...(process.argv[1] === undefined ? [] : [dirname(process.argv[1])]),
  process.cwd(),
];

/** Asks from now on what this process is to shadow, and does it. */
export const startShadow = (settings: StartShadowSettings, parts: StartShadowParts): Shadow => {
  const { tick, later, tell, observer, onInternalError } = parts;
  const functions = createAppFunctions(printLine);
  shareShadow(functions);
  const onPlans = ({ plans, migrations }: ShadowPlans): void => {
    shadow.renew(plans);
    if (migrations !== undefined) functions.know(migrations);
  };
  const source = createPlanSource({ ask: askFrom(settings), tick, later, onPlans });
  const send = createSendAgain(
    { begin: (matched) => observer().begin(matched), inside: (fn) => observer().inside(fn) },
    later,
  );
  const embedInProcess = createInProcess({ from: appPlaces(), tick, later, say: printLine });
  const outcomes = new Map<string, number>();
  const tellAndCount = (event: EventRecord): void => {
    const { attributes } = event;
    const name = `${attributes[PAIR.kind]} ${attributes[PAIR.outcome]}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + Number(attributes[PAIR.calls] ?? 1));
    tell(event);
  };
  const shadow = createShadow({
    ...{
      access: settings.access,
      env: settings.env,
      plans: source.plans,
      functions,
      embedInProcess,
      send,
      tell: tellAndCount,
    },
    ...{
      random: Math.random,
      tick,
      later,
      day: () => Math.floor(Date.now() / DAY_MS),
      hex: createRandomHex(),
      onInternalError,
    },
  });
  shareBeside({
    ...{ askBy: functions.askBy, held: shadow.held, count: shadow.count, open: shadow.open, serve: shadow.heard },
    plan: (migration) => source.plans().find((plan) => plan.migration === migration) ?? null,
    outcomes: () => {
      shadow.tellCounts();
      return Object.fromEntries(outcomes);
    },
  });
  const count = (): void => {
    shadow.tellCounts();
    later(count, COUNTS_MS);
  };
  later(count, COUNTS_MS);
  return shadow;
};
