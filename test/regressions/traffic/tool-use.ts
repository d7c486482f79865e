import type { ToolCall } from "../../../features/answer.ts";
import type { Draw } from "./draw.ts";

const object = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  ...{ type: "object", required, properties, additionalProperties: false },
});

/** The tools the app offers, with the schemas of their arguments. */
export const TOOLS: Readonly<Record<string, object>> = {
  find_order: object(["order_id"], { order_id: { type: "string" }, include_items: { type: "boolean" } }),
  get_invoice: object(["workspace", "month"], { workspace: { type: "string" }, month: { type: "string" } }),
  create_ticket: object(["subject", "priority"], {
    subject: { type: "string" },
    priority: { enum: ["low", "normal", "high"] },
    customer_id: { type: "integer" },
  }),
  schedule_callback: object(["phone", "minutes_from_now"], {
    phone: { type: "string" },
    minutes_from_now: { type: "integer", minimum: 5 },
  }),
};

const SUBJECTS = [
  "Export fails with status 502",
  "Seat count on the invoice is wrong",
  "Board is missing after the sync",
  "SSO certificate has expired",
];

const ARGUMENTS: Readonly<Record<string, (draw: Draw) => object>> = {
  find_order: (draw) => ({
    order_id: `PW-${draw.whole(10_000, 99_999)}`,
    ...(draw.chance(0.4) ? { include_items: draw.chance(0.7) } : {}),
  }),
  get_invoice: (draw) => ({ workspace: `ws-${draw.whole(100, 999)}`, month: `2026-0${draw.whole(1, 9)}` }),
  create_ticket: (draw) => ({
    ...{ subject: draw.pick(SUBJECTS), priority: draw.pick(["low", "normal", "normal", "high"]) },
    ...(draw.chance(0.5) ? { customer_id: draw.whole(1000, 9999) } : {}),
  }),
  schedule_callback: (draw) => ({
    phone: `+4930${draw.whole(100_000, 999_999)}`,
    minutes_from_now: draw.whole(5, 120),
  }),
};

const USED = { find_order: 0.45, get_invoice: 0.22, create_ticket: 0.25, schedule_callback: 0.08 };

const oneCall = (draw: Draw): ToolCall => {
  const name = draw.weighted(USED);
  return { name, arguments: JSON.stringify(ARGUMENTS[name]?.(draw) ?? {}) };
};

/** The calls of one answer: one, now and then two; one in a hundred is broken, as it happens. */
export const toolCalls = (draw: Draw): readonly ToolCall[] => {
  const calls = Array.from({ length: draw.chance(0.08) ? 2 : 1 }, () => oneCall(draw));
  return draw.chance(0.01) ? calls.map((call) => ({ ...call, arguments: call.arguments.slice(0, -1) })) : calls;
};
