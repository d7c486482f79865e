const text = (limit: number, types: readonly string[]) => ({
  type: "object",
  required: ["type", "text"],
  properties: { type: { enum: types }, text: { minLength: 1, maxLength: limit } },
});

const when = (type: string, then: object) => ({ if: { properties: { type: { const: type } } }, then });

/**
 * Slack's incoming webhook format as a JSON schema, written apart from the receiver's own check so that each can find
 * the other's mistakes.
 */
export const SLACK_JSON_SCHEMA: object = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: {
    text: { type: "string", minLength: 1, maxLength: 40_000 },
    blocks: {
      type: "array",
      minItems: 1,
      maxItems: 50,
      items: {
        type: "object",
        required: ["type"],
        properties: {
          type: { enum: ["header", "section", "context", "actions", "divider", "image"] },
          block_id: { type: "string", maxLength: 255 },
          elements: { type: "array", maxItems: 25 },
          fields: { type: "array", maxItems: 10, items: { properties: { text: { maxLength: 2000 } } } },
        },
        allOf: [
          when("header", { properties: { text: text(150, ["plain_text"]) } }),
          when("section", { properties: { text: text(3000, ["mrkdwn", "plain_text"]) } }),
        ],
      },
    },
    attachments: { type: "array", maxItems: 100 },
    thread_ts: { type: "string" },
    unfurl_links: { type: "boolean" },
  },
};
