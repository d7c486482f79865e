import type { FinishedCall } from "../fetch/finished-call.ts";
import { contentAttributes } from "./content-attributes.ts";
import type { ContentSettings } from "./content-settings.ts";
import type { Redact } from "./redaction.ts";

/**
 * The content that goes onto a call's span. None of what a judge of a pair is asked: both answers stand in it already, as somebody
 * else's words.
 */
export const contentOfCall = (
  { body, answer, context }: Pick<FinishedCall, "body" | "answer" | "context">,
  settings: ContentSettings,
  redact: Redact,
): ReturnType<typeof contentAttributes> =>
  context.pair?.isOpinion === true ? {} : contentAttributes(body, answer?.answer ?? null, settings, redact);
