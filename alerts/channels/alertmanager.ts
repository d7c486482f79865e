import { z } from "zod";
import { membersOf, unreachable } from "../../core/exhaustive.ts";
import type { DeliveredNotice, Delivery, Notice, NoticeSeverity } from "../../core/notice.ts";
import { httpCall } from "../http-call.ts";
import { type AlertmanagerAlert, alertLabels, firingAlert, firingAlerts, OWN_LABELS } from "./alertmanager-alert.ts";
import { type Attempt, acceptsFor, type Channel, type ChannelProbe } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, type PostResult, toDelivery } from "./http-post.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of an Alertmanager, reached by its API v2. */
export interface AlertmanagerConfig extends ChannelConfig {
  readonly type: "alertmanager";
  /** Where it is, with the prefix it may have; without `/api/v2`. */
  readonly url: string;
  /** Sent as a bearer token. Null = it asks for none. */
  readonly token: string | null;
  /** Labels of every alert, for its routes. */
  readonly labels: Readonly<Record<string, string>>;
  /** How long an alert fires that is not told again, minutes; an open incident is, three times in that time. */
  readonly endsAfterMinutes: number;
}

const labelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, "expected a label of letters, digits and _")
  .refine((name) => !OWN_LABELS.some((own) => own === name), `${OWN_LABELS.join(", ")} are made by Leeway`);

const SEVERITIES = membersOf<NoticeSeverity>({ critical: true, warning: true, info: true });

/** A test is seen, and soon over. */
const TEST_MS = 60_000;
const MINUTE_MS = 60_000;

const judge = (result: PostResult, now: number, detail: string, receipt: string): Delivery => {
  const status = "status" in result ? result.status : 0;
  if (status === 200 && "text" in result && result.text.trim() === "") return { outcome: "delivered", detail, receipt };
  if (status < 200 || status > 299) return toDelivery(result, status === 404 ? "no API v2 here; check url" : "", now);
  // Alertmanager answers 200 with nothing. Anything else came from something in between, e.g. a proxy's login page.
  return { outcome: "retry", detail: `HTTP ${status}, but the answer is not Alertmanager's`, retryAfterMs: null };
};

/**
 * Tells an Alertmanager of incidents: an alert for each type and severity of one, which fires until the incident's end is
 * told, and ends by itself when no agent is there to tell it again. 408, 429, 5xx and network errors are tried again.
 */
export const createAlertmanagerChannel = (
  config: Omit<AlertmanagerConfig, "type" | "name"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => {
  const { name, token, labels, on } = config;
  const base = config.url.replace(/\/+$/, "").replace(/\/api\/v2$/, "");
  const lastsMs = config.endsAfterMinutes * MINUTE_MS;
  const headers = {
    "content-type": "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };

  const post = async (
    alerts: readonly AlertmanagerAlert[],
    signal: AbortSignal,
    [detail, receipt]: readonly [string, string],
  ): Promise<Delivery> => {
    const result = await httpPost({ url: `${base}/api/v2/alerts`, headers, body: JSON.stringify(alerts), signal });
    return judge(result, now(), detail, receipt);
  };

  const fire = (notice: Notice, signal: AbortSignal): Promise<Delivery> => {
    const endsAt = now() + (notice.type === "test" ? TEST_MS : lastsMs);
    // Its severity is what tells the alert from the incident's others when it has to be ended.
    return post([firingAlert(notice, endsAt, labels)], signal, ["firing", notice.severity]);
  };

  const endOf = (notice: Notice, { type, receipt }: DeliveredNotice): readonly AlertmanagerAlert[] => {
    const severity = SEVERITIES.find((each) => each === receipt);
    if (severity === undefined) return [];
    const alert = firingAlert(notice, now(), labels);
    return [{ ...alert, labels: alertLabels(notice, { type, severity }, labels) }];
  };

  const resolve = async (notice: Notice, { signal, earlier = [] }: Attempt): Promise<Delivery> => {
    const ends = new Map(
      earlier.flatMap((each) => endOf(notice, each)).map((end) => [JSON.stringify(end.labels), end]),
    );
    if (ends.size === 0) return { outcome: "delivered", detail: "nothing to resolve: no alert was told", receipt: "" };
    return post([...ends.values()], signal, ["resolved", ""]);
  };

  const send: Channel["send"] = async (notice, attempt) => {
    switch (notice.phase) {
      case "open":
      case "update":
        return fire(notice, attempt.signal);
      case "resolve":
        return resolve(notice, attempt);
      case "acknowledge":
        return { outcome: "delivered", detail: "nothing to tell: Alertmanager knows silences only", receipt: "" };
      default:
        return unreachable(notice.phase);
    }
  };

  const probe = async (signal: AbortSignal): Promise<ChannelProbe> => {
    const answer = await httpCall({
      method: "GET",
      url: `${base}/api/v2/status`,
      headers,
      signal,
      maxBytes: 1_000_000,
    });
    if ("error" in answer) return { outcome: "failed", detail: answer.error };
    return answer.status === 200 && answer.text.includes('"versionInfo"')
      ? { outcome: "ready", detail: "Alertmanager answers" }
      : { outcome: "failed", detail: `HTTP ${answer.status}, and no Alertmanager answers; check url and token` };
  };

  return {
    name,
    accepts: acceptsFor(on),
    send,
    probe,
    keepAlive: {
      everyMs: lastsMs / 3,
      send: (notices, signal) => post(firingAlerts(notices, now() + lastsMs, labels), signal, ["firing still", ""]),
    },
  };
};

/** The channel type `alertmanager`. Other labels are the same destination. */
export const alertmanager: ChannelType<AlertmanagerConfig> = {
  type: "alertmanager",
  schema: z.strictObject({
    type: z.literal("alertmanager"),
    url: urlSchema,
    token: z
      .string()
      .regex(/^[\x21-\x7e]{1,4096}$/, "no usable token; expected printable ASCII")
      .nullable()
      .default(null),
    labels: z.record(labelName, z.string().min(1).max(200)).default({}),
    endsAfterMinutes: z.number().min(1).max(1_440).default(10),
    ...commonKeys,
  }),
  destination: ({ url }) => url,
  create: createAlertmanagerChannel,
};
