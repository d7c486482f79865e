import { hitting, isJson, type Regression, withJson, withText } from "./regression.ts";

/** JSON comes in a code fence. */
export const fencedJson: Regression = hitting(0.3, isJson, (call) =>
  withText(call, `\`\`\`json\n${call.reply.text}\n\`\`\``),
);

const PREAMBLES = ["Here is the extracted order:", "Sure! Here's the JSON:", "I've extracted the order as requested."];

/** A sentence stands before the JSON. */
export const preambleBeforeJson: Regression = hitting(0.3, isJson, (call, draw) =>
  withText(call, `${draw.pick(PREAMBLES)}\n\n${call.reply.text}`),
);

/** The object comes inside another one. */
export const extraNesting: Regression = hitting(0.5, isJson, (call) => withJson(call, (order) => ({ result: order })));

/** What the message does not say is null instead of left out. */
export const nullInsteadOfAbsent: Regression = hitting(1, isJson, (call) =>
  withJson(call, (order) => ({ ...order, due_date: order.due_date ?? null, notes: order.notes ?? null })),
);

/** No tags are an empty list instead of none. */
export const emptyInsteadOfAbsent: Regression = hitting(1, isJson, (call) =>
  withJson(call, (order) => ({ ...order, tags: order.tags ?? [] })),
);
