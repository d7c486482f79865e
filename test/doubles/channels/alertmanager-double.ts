import { Ajv } from "ajv";
import { startVendorDouble, type VendorDouble, type VendorDoubleReply } from "../flags/vendor-double.ts";

/** An alert as it was posted. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

/** Alertmanager's API v2 on loopback. */
export interface AlertmanagerDouble extends VendorDouble {
  /** What fires now, by its own clock. */
  readonly firing: () => readonly PostedAlert[];
  /** Everything that was ever taken, oldest first. */
  readonly posted: () => readonly PostedAlert[];
  readonly refused: () => readonly string[];
}

const texts = {
  type: "object",
  propertyNames: { pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$" },
  additionalProperties: { type: "string" },
};
const moment = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" };

const ALERTS = {
  type: "array",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["labels"],
    properties: {
      // The real one takes an empty label for none.
      labels: { ...texts, minProperties: 1, additionalProperties: { type: "string", minLength: 1, maxLength: 300 } },
      annotations: texts,
      startsAt: moment,
      endsAt: moment,
      generatorURL: { type: "string", pattern: "^https?://" },
    },
  },
};

/** Starts it. It asks for `token`, if any, and lets an alert end when its time is over. */
export const startAlertmanagerDouble = async ({
  now = Date.now,
  token = null,
}: {
  readonly now?: () => number;
  readonly token?: string | null;
} = {}): Promise<AlertmanagerDouble> => {
  const ajv = new Ajv({ strict: false });
  const isAlerts = ajv.compile<readonly PostedAlert[]>(ALERTS);
  let posted: readonly PostedAlert[] = [];
  const refused: string[] = [];

  const take = (alerts: readonly PostedAlert[]): VendorDoubleReply => {
    const wrong = alerts.find(({ startsAt = "", endsAt = "" }) => Date.parse(endsAt) < Date.parse(startsAt));
    if (wrong !== undefined) {
      refused.push("ends before it starts");
      return { status: 400, body: "ends before it starts" };
    }
    posted = [...posted, ...alerts];
    return { status: 200 };
  };

  const double = await startVendorDouble({
    handle: ({ method, path, headers, body }) => {
      if (token !== null && headers.authorization !== `Bearer ${token}`) return { status: 401, body: "unauthorized" };
      if (method === "GET" && path === "/api/v2/status")
        return { status: 200, body: { versionInfo: { version: "0" } } };
      if (method !== "POST" || path !== "/api/v2/alerts") return { status: 404 };
      if (isAlerts(body)) return take(body);
      refused.push(ajv.errorsText(isAlerts.errors));
      return { status: 400, body: ajv.errorsText(isAlerts.errors) };
    },
    keep: () => {
      const kept = posted;
      return () => {
        posted = kept;
      };
    },
  });
  return {
    ...double,
    posted: () => posted,
    firing: () => {
      const last = new Map(posted.map((alert) => [JSON.stringify(Object.entries(alert.labels).toSorted()), alert]));
      return [...last.values()].filter(({ endsAt = "" }) => Date.parse(endsAt) > now());
    },
    refused: () => refused,
  };
};
