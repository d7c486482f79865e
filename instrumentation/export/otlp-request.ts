import type { OtlpSignal } from "./otlp-sender.ts";

type Message = Readonly<Record<string, unknown>>;

/** Names of the lists that lead to the spans or log records of a request. */
const LISTS: Readonly<Record<OtlpSignal, readonly [string, string, string]>> = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
};

/** The spans or log records of a request, and how to make one of a part of them. */
export interface OtlpRequest {
  readonly items: readonly unknown[];
  /** JSON of the request with these items alone. */
  readonly withItems: (items: readonly unknown[]) => string;
}

const listIn = (message: Message, name: string): readonly unknown[] => message[name] as readonly unknown[];

const firstIn = (message: Message, name: string): Message => listIn(message, name)[0] as Message;

/** Reads a request that one process made, so that all of it shares resource and scope. Throws on anything else. */
export const readRequest = (json: string, signal: OtlpSignal): OtlpRequest => {
  const [resources, scopes, name] = LISTS[signal];
  const resource = firstIn(JSON.parse(json), resources);
  const scope = firstIn(resource, scopes);
  return {
    items: listIn(scope, name),
    withItems: (items) => JSON.stringify({ [resources]: [{ ...resource, [scopes]: [{ ...scope, [name]: items }] }] }),
  };
};
