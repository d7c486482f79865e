const links = {
  type: "array",
  items: {
    type: "object",
    required: ["href"],
    additionalProperties: false,
    properties: { href: { type: "string", pattern: "^https?://" }, text: { type: "string" } },
  },
};

const images = {
  type: "array",
  items: {
    type: "object",
    required: ["src"],
    additionalProperties: false,
    properties: {
      src: { type: "string", pattern: "^https://" },
      href: { type: "string" },
      alt: { type: "string" },
    },
  },
};

const routing_key = { type: "string", pattern: "^[A-Za-z0-9]{32}$" };

const shared = {
  summary: { type: "string", minLength: 1, maxLength: 1024 },
  source: { type: "string", minLength: 1 },
  timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:?\\d\\d)$" },
  custom_details: { type: "object" },
};

/** PagerDuty's alert event as its documentation has it. */
export const ALERT_EVENT: object = {
  type: "object",
  additionalProperties: false,
  required: ["routing_key", "event_action"],
  properties: {
    routing_key,
    event_action: { enum: ["trigger", "acknowledge", "resolve"] },
    dedup_key: { type: "string", minLength: 1, maxLength: 255 },
    client: { type: "string" },
    client_url: { type: "string" },
    links,
    images,
    payload: {
      type: "object",
      additionalProperties: false,
      required: ["summary", "source", "severity"],
      properties: {
        ...shared,
        severity: { enum: ["critical", "error", "warning", "info"] },
        component: { type: "string" },
        group: { type: "string" },
        class: { type: "string" },
      },
    },
  },
  if: { properties: { event_action: { const: "trigger" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schemas
  then: { required: ["payload"] },
  else: { required: ["dedup_key"] },
};

/** Its change event. */
export const CHANGE_EVENT: object = {
  type: "object",
  additionalProperties: false,
  required: ["routing_key", "payload"],
  properties: {
    routing_key,
    links,
    payload: { type: "object", additionalProperties: false, required: ["summary"], properties: shared },
  },
};
