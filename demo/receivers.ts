import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { messageOf } from "../core/errors.ts";
import { membersOf } from "../core/exhaustive.ts";
import type { Notice, NoticeType } from "../core/notice.ts";
import { type Answer, type ReceiverServer, startReceiverServer } from "./receiver-server.ts";
import { type SlackPayload, slackPayload } from "./slack-shape.ts";

/** A message a receiver turned away, and why. */
export interface Refusal {
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A webhook whose signature and body were right. Repeats are kept: seeing them is the point. */
export interface ReceivedWebhook {
  /** The `webhook-id` header. */
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Notice;
  /** When it arrived, epoch ms. */
  readonly at: number;
}

/** A Slack message whose shape Slack would take. */
export interface ReceivedSlack {
  readonly payload: SlackPayload;
  /** When it arrived, epoch ms. */
  readonly at: number;
}

/** A receiver that keeps what it accepted and what it refused. */
export interface Receiver<T> extends ReceiverServer {
  readonly received: () => readonly T[];
  readonly refused: () => readonly Refusal[];
}

const TYPES = membersOf<NoticeType>({
  stage: true,
  pause: true,
  rollback: true,
  page: true,
  drift: true,
  drained: true,
  ack: true,
  test: true,
  drill: true,
});

const noticeSchema = z.strictObject({
  id: z.string().min(1),
  at: z.number().positive(),
  type: z.enum(TYPES),
  severity: z.enum(["critical", "warning", "info"]),
  phase: z.enum(["open", "update", "acknowledge", "resolve"]),
  isUrgent: z.boolean().default(false),
  migration: z.string(),
  incident: z.string(),
  title: z.string().min(1).max(150),
  summary: z.string().min(1),
  sections: z.array(z.tuple([z.string().min(1), z.string().min(1)])).min(1),
  facts: z.array(z.tuple([z.string().min(1), z.string()])),
  link: z.union([z.literal(""), z.url()]),
  links: z.array(z.strictObject({ label: z.string().min(1), url: z.url({ protocol: /^https?$/ }) })),
});

const webhookSchema = z
  .strictObject({ type: z.string(), timestamp: z.iso.datetime(), data: noticeSchema })
  .refine((body) => body.type === `leeway.${body.data.type}`, { error: "type is not the notice's" })
  .refine((body) => Date.parse(body.timestamp) === Math.floor(body.data.at), {
    error: "timestamp is not the notice's",
  });

const firstIssue = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)[0] ?? "invalid";

/** Lists of accepted and refused messages, and the way a judgement is filed in them. */
const createRecord = <T>() => {
  const received: T[] = [];
  const refused: Refusal[] = [];
  return {
    received: (): readonly T[] => received,
    refused: (): readonly Refusal[] => refused,
    keep: (message: T, answer: Answer): Answer => {
      received.push(message);
      return answer;
    },
    refuse: (reason: string, answer: Answer): Answer => {
      refused.push({ reason, at: Date.now() });
      return answer;
    },
  };
};

/**
 * A receiver of signed webhooks: checks signature and age with the Standard Webhooks library (401 when wrong) and the
 * body against the notice format, strictly (400).
 */
export const startWebhookReceiver = async ({
  secret,
}: {
  readonly secret: string;
}): Promise<Receiver<ReceivedWebhook>> => {
  const verifier = new Webhook(secret);
  const { received, refused, keep, refuse } = createRecord<ReceivedWebhook>();
  const server = await startReceiverServer("/hooks/leeway", (headers, text) => {
    const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    let body: unknown;
    try {
      body = verifier.verify(text, signed);
    } catch (error) {
      return refuse(`signature: ${messageOf(error)}`, { status: 401, body: "unauthorized" });
    }
    const parsed = webhookSchema.safeParse(body);
    if (!parsed.success) return refuse(firstIssue(parsed.error), { status: 400, body: "bad_request" });
    return keep({ ...parsed.data, id: signed["webhook-id"] ?? "", at: Date.now() }, { status: 204, body: "" });
  });
  return { ...server, received, refused };
};

/** Slack's word for what is wrong with a message. */
const slackError = (issue: z.core.$ZodIssue | undefined): string => {
  if (issue?.path[0] === "blocks") return "invalid_blocks";
  return issue?.path[0] === "text" ? "missing_text_or_fallback_or_attachments" : "invalid_payload";
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * A receiver that answers like a Slack incoming webhook: plain text `ok` or Slack's word for the error. With
 * `rateLimit` a message within a second of the last accepted one gets 429 and `Retry-After: 1`.
 */
export const startSlackReceiver = async ({
  rateLimit = false,
}: {
  readonly rateLimit?: boolean;
} = {}): Promise<Receiver<ReceivedSlack>> => {
  const { received, refused, keep, refuse } = createRecord<ReceivedSlack>();
  const server = await startReceiverServer("/services/T0LEEWAY/B0LEEWAY/demo-slack-secret", (_headers, text) => {
    const at = Date.now();
    if (rateLimit && at - (received().at(-1)?.at ?? 0) < 1000) {
      return refuse("rate_limited", { status: 429, body: "rate_limited", headers: { "retry-after": "1" } });
    }
    const parsed = slackPayload.safeParse(parseJson(text));
    if (!parsed.success) {
      return refuse(firstIssue(parsed.error), { status: 400, body: slackError(parsed.error.issues[0]) });
    }
    return keep({ payload: parsed.data, at }, { status: 200, body: "ok" });
  });
  return { ...server, received, refused };
};
