/** What the app asks extraction calls for: a JSON Schema with members that may be left out, or null. */
export const ORDER_SCHEMA = {
  type: "object",
  required: ["order_id", "customer", "items", "priority"],
  properties: {
    order_id: { type: "string" },
    customer: {
      type: "object",
      required: ["name"],
      properties: {
        name: { type: "string" },
        email: { type: ["string", "null"] },
        company: { type: ["string", "null"] },
      },
    },
    items: {
      type: "array",
      items: {
        type: "object",
        required: ["sku", "quantity"],
        properties: {
          sku: { type: "string" },
          quantity: { type: "integer" },
          unit_price: { type: ["number", "null"] },
        },
      },
    },
    priority: { enum: ["low", "normal", "high", "urgent"] },
    due_date: { type: ["string", "null"] },
    tags: { type: "array", items: { type: "string" } },
    notes: { type: ["string", "null"] },
  },
} as const;

/** An order as the model extracts it. What the message does not say is left out. */
export interface Order {
  readonly order_id: string;
  readonly customer: { readonly name: string; readonly email?: string | null; readonly company?: string | null };
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unit_price?: number | null }[];
  readonly priority: string;
  readonly due_date?: string | null;
  readonly tags?: readonly string[];
  readonly notes?: string | null;
}
