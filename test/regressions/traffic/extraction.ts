import type { Draw } from "./draw.ts";
import type { Order } from "./order-schema.ts";

const FIRST = ["Ana", "Jonas", "Marie", "Luis", "Emma", "Noah", "Greta", "Paul", "Chloe", "Mateo", "Ida", "Tom"];
const LAST = ["Keller", "Garcia", "Martin", "Schmidt", "Brown", "Lopez", "Dubois", "Weber", "Novak", "Rossi"];
const COMPANIES = ["Nordwind GmbH", "Atelier Lune", "Blue Harbor Ltd", "Taller Rojo SL", "Kite & Co"];
const SKUS = ["PW-TEAM", "PW-BIZ", "PW-ADDON-SSO", "PW-TRAINING", "PW-SEAT", "PW-STORAGE-1T"];
const TAGS = ["renewal", "upgrade", "new-customer", "education", "reseller", "pilot"];
const NOTES = [
  "Please call before the change.",
  "Invoice has to carry the purchase order number.",
  "Customer asks for the annual price.",
  "Start after the summer break.",
];

const item = (draw: Draw) => ({
  sku: draw.pick(SKUS),
  quantity: draw.whole(1, 40),
  ...(draw.chance(0.7) ? { unit_price: draw.whole(4, 90) + 0.5 * draw.whole(0, 1) } : {}),
});

/** An order taken out of a message. */
export const orderOf = (draw: Draw): Order => {
  const [first, last] = [draw.pick(FIRST), draw.pick(LAST)];
  return {
    order_id: `PW-${draw.whole(10_000, 99_999)}`,
    customer: {
      name: `${first} ${last}`,
      ...(draw.chance(0.75) ? { email: `${first}.${last}@example.com`.toLowerCase() } : {}),
      ...(draw.chance(0.4) ? { company: draw.pick(COMPANIES) } : {}),
    },
    items: Array.from({ length: draw.whole(1, 4) }, () => item(draw)),
    priority: draw.weighted({ normal: 0.62, high: 0.2, low: 0.12, urgent: 0.06 }),
    ...(draw.chance(0.55) ? { due_date: `2026-${draw.pick(["10", "11", "12"])}-${draw.whole(10, 28)}` } : {}),
    ...(draw.chance(0.5) ? { tags: draw.some(TAGS, draw.whole(1, 3)) } : {}),
    ...(draw.chance(0.3) ? { notes: draw.pick(NOTES) } : {}),
  };
};

/** The model's answer: JSON, once in a while cut off or behind a sentence. */
export const extractionAnswer = (draw: Draw): string => {
  const order = orderOf(draw);
  const json = draw.chance(0.8) ? JSON.stringify(order) : JSON.stringify(order, null, 2);
  if (draw.chance(0.004)) return `\`\`\`json\n${json}\n\`\`\``;
  return draw.chance(0.003) ? `Here is the order:\n${json}` : json;
};
