import { Ajv } from "ajv";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "../flags/vendor-double.ts";
import { ALERT_EVENT, CHANGE_EVENT } from "./pagerduty-schema.ts";

/** One alert of PagerDuty. A trigger after its end opens another one. */
export interface PagerDutyAlert {
  readonly key: string;
  readonly state: "open" | "acked" | "resolved";
  /** Summaries of what was folded into it, the first one opened it. */
  readonly summaries: readonly string[];
  readonly severity: string;
}

/** PagerDuty's Events API v2 on loopback. */
export interface PagerDutyDouble extends VendorDouble {
  readonly alerts: () => readonly PagerDutyAlert[];
  /** Summaries of the change events. */
  readonly changes: () => readonly string[];
  /** Bodies of all that was accepted, oldest first. */
  readonly accepted: () => readonly unknown[];
  /** What was refused, and why. */
  readonly refused: () => readonly string[];
}

interface AlertEvent {
  readonly event_action: "trigger" | "acknowledge" | "resolve";
  readonly dedup_key?: string;
  readonly payload?: { readonly summary: string; readonly severity: string };
}

interface ChangeEvent {
  readonly payload: { readonly summary: string };
}

const MAX_BYTES = 512_000;
const WINDOW_MS = 60_000;

/**
 * Starts it. It knows `keys`, takes `perMinute` events of each in any minute (more get 429 with Retry-After), and keeps the
 * state of alerts by key: triggers fold into an open one, an end of what is not open is dropped.
 */
export const startPagerDutyDouble = async ({
  keys,
  now = Date.now,
  perMinute = 120,
}: {
  readonly keys: readonly string[];
  readonly now?: () => number;
  readonly perMinute?: number;
}): Promise<PagerDutyDouble> => {
  const ajv = new Ajv({ strict: false });
  const validAlert = ajv.compile<AlertEvent & { routing_key: string }>(ALERT_EVENT);
  const validChange = ajv.compile<ChangeEvent & { routing_key: string }>(CHANGE_EVENT);
  let [alerts, changes, accepted]: [readonly PagerDutyAlert[], readonly string[], readonly unknown[]] = [[], [], []];
  const refused: string[] = [];
  const calls = new Map<string, readonly number[]>();
  let generated = 0;

  const invalid = (...errors: string[]): VendorDoubleReply => {
    refused.push(...errors);
    return { status: 400, body: { status: "invalid event", message: "Event object is invalid", errors } };
  };

  const file = (event: AlertEvent): string => {
    const key = event.dedup_key ?? `generated-${++generated}`;
    const open = alerts.findLast((alert) => alert.key === key && alert.state !== "resolved");
    const { summary = "", severity = "" } = event.payload ?? {};
    if (event.event_action === "trigger" && open === undefined)
      alerts = [...alerts, { key, state: "open", summaries: [summary], severity }];
    else if (open !== undefined) {
      const changed: Partial<PagerDutyAlert> =
        event.event_action === "trigger"
          ? { summaries: [...open.summaries, summary], severity }
          : { state: event.event_action === "resolve" ? "resolved" : "acked" };
      alerts = alerts.map((alert) => (alert === open ? { ...alert, ...changed } : alert));
    }
    return key;
  };

  const waitOf = (key: string): number => {
    const recent = (calls.get(key) ?? []).filter((at) => at > now() - WINDOW_MS);
    const isFull = recent.length >= perMinute;
    calls.set(key, isFull ? recent : [...recent, now()]);
    return isFull ? (recent[0] ?? 0) + WINDOW_MS - now() : 0;
  };

  const accept = (body: { readonly routing_key: string }, act: () => object): VendorDoubleReply => {
    if (!keys.includes(body.routing_key)) return invalid("'routing_key' is not a key of an integration");
    const waitMs = waitOf(body.routing_key);
    if (waitMs > 0) return { status: 429, headers: { "retry-after": String(Math.ceil(waitMs / 1000)) }, body: "" };
    accepted = [...accepted, body];
    return { status: 202, body: { status: "success", message: "Event processed", ...act() } };
  };

  const handle = ({ method, path, body, headers }: VendorDoubleRequest): VendorDoubleReply => {
    if (method !== "POST") return { status: 405 };
    if (!headers["content-type"]?.startsWith("application/json")) return invalid("the content type is not JSON");
    if (Buffer.byteLength(JSON.stringify(body ?? null)) > MAX_BYTES) return invalid("the event is larger than 512 KB");
    if (path === "/v2/enqueue")
      return validAlert(body)
        ? accept(body, () => ({ dedup_key: file(body) }))
        : invalid(ajv.errorsText(validAlert.errors));
    if (path !== "/v2/change/enqueue") return { status: 404 };
    if (!validChange(body)) return invalid(ajv.errorsText(validChange.errors));
    if (body.routing_key.startsWith("R")) return invalid("change events cannot be sent to rulesets");
    return accept(body, () => {
      changes = [...changes, body.payload.summary];
      return {};
    });
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const kept = [alerts, changes, accepted] as const;
      return () => {
        [alerts, changes, accepted] = kept;
      };
    },
  });
  return {
    ...double,
    alerts: () => alerts,
    changes: () => changes,
    accepted: () => accepted,
    refused: () => refused,
  };
};
