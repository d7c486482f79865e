import { z } from "zod";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "../flags/vendor-double.ts";

/** A workflow of Microsoft Teams that posts to a channel what its webhook gets. */
export interface TeamsDouble extends Omit<VendorDouble, "url"> {
  /** The workflow's signed address. */
  readonly url: string;
  /** Cards that were posted. */
  readonly posted: () => readonly unknown[];
  /** Runs that failed after the workflow had answered 202, and why: only who looks at the workflow sees them. */
  readonly failedRuns: () => readonly string[];
}

const run = z.strictObject({
  type: z.literal("TextRun"),
  text: z.string().min(1),
  weight: z.enum(["Lighter", "Default", "Bolder"]).optional(),
  size: z.enum(["Small", "Default", "Medium", "Large", "ExtraLarge"]).optional(),
  color: z.enum(["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"]).optional(),
  isSubtle: z.boolean().optional(),
});
const richText = z.strictObject({
  type: z.literal("RichTextBlock"),
  spacing: z.enum(["Default", "None", "Small", "Medium", "Large", "ExtraLarge", "Padding"]).optional(),
  inlines: z.array(run).min(1),
});
/** Adaptive cards 1.4, as far as notices use them; Teams shows six actions at most. */
const card = z.strictObject({
  $schema: z.literal("http://adaptivecards.io/schemas/adaptive-card.json"),
  type: z.literal("AdaptiveCard"),
  version: z.literal("1.4"),
  body: z.array(richText).min(1),
  actions: z
    .array(
      z.strictObject({
        type: z.literal("Action.OpenUrl"),
        title: z.string().min(1),
        url: z.url({ protocol: /^https?$/ }),
      }),
    )
    .min(1)
    .max(6)
    .optional(),
  msteams: z.strictObject({ width: z.literal("Full") }),
});
const message = z.strictObject({
  type: z.literal("message"),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal("application/vnd.microsoft.card.adaptive"),
        contentUrl: z.null(),
        content: card,
      }),
    )
    .length(1),
});

/** Of what Teams makes of a message: the card is text inside JSON there. */
const MAX_PROPERTIES_BYTES = 28_672;

const refusal = (status: number, code: string): VendorDoubleReply => ({
  ...{ status, body: { error: { code, message: "The workflow at https://secret.example/?sig=hush said no." } } },
});

/**
 * Starts the double. The address has to carry its signature (401). Every card is answered with 202 and nothing, also those whose
 * run fails: cards that are not valid, or too large. With `perSecond`, more requests in a second get 429 and Retry-After.
 */
export const startTeamsDouble = async ({
  perSecond = Number.POSITIVE_INFINITY,
}: {
  readonly perSecond?: number;
} = {}): Promise<TeamsDouble> => {
  const [path, sig] = ["/workflows/9f8e/triggers/manual/paths/invoke", "a-signature-of-the-tests"];
  let posted: readonly unknown[] = [];
  let failedRuns: readonly string[] = [];
  let taken: readonly number[] = [];

  const carryOut = (body: unknown): void => {
    const parsed = message.safeParse(body);
    const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(body)));
    const issue = parsed.success ? null : (parsed.error.issues[0] ?? null);
    if (issue !== null) failedRuns = [...failedRuns, `${issue.path.join(".")}: ${issue.message}`];
    else if (bytes > MAX_PROPERTIES_BYTES) failedRuns = [...failedRuns, `MessageSizeExceeded: ${bytes} bytes`];
    else posted = [...posted, body];
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    if (request.path !== path) return refusal(404, "WorkflowNotFound");
    if (request.query.get("sig") !== sig) return refusal(401, "DirectApiAuthorizationRequired");
    if (request.method !== "POST") return refusal(405, "MethodNotAllowed");
    if (request.headers["content-type"] !== "application/json") return refusal(400, "TriggerInputSchemaMismatch");
    const now = Date.now();
    taken = taken.filter((at) => now - at < 1_000);
    if (taken.length >= perSecond) return { ...refusal(429, "TooManyRequests"), headers: { "retry-after": "1" } };
    taken = [...taken, now];
    carryOut(request.body);
    return { status: 202 };
  };

  const double = await startVendorDouble({ handle, keep: () => () => undefined });
  return {
    ...double,
    url: `${double.url}${path}?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${sig}`,
    posted: () => posted,
    failedRuns: () => failedRuns,
  };
};
