import { ANTHROPIC } from "./anthropic/anthropic.ts";
import type { Dialect } from "./dialect.ts";
import { LANGFUSE } from "./langfuse/langfuse.ts";
import { OLD_SEMANTIC_CONVENTIONS } from "./old-semantic-conventions/old-semantic-conventions.ts";
import { OPENINFERENCE } from "./openinference/openinference.ts";
import { OPENLIT } from "./openlit/openlit.ts";
import { OPENLLMETRY } from "./openllmetry/openllmetry.ts";
import { SEMANTIC_CONVENTIONS } from "./semantic-conventions/semantic-conventions.ts";
import { VERCEL_AI } from "./vercel-ai/vercel-ai.ts";

/**
 * Every dialect, first match wins per field. Marked ones come first: where a span mixes dialects, the mark says who
 * wrote it (Vercel's `gen_ai.system` is `openai.chat`, which only its own table knows how to read).
 */
export const DIALECTS: readonly Dialect[] = [
  VERCEL_AI,
  OPENINFERENCE,
  LANGFUSE,
  SEMANTIC_CONVENTIONS,
  OPENLLMETRY,
  OPENLIT,
  ANTHROPIC,
  OLD_SEMANTIC_CONVENTIONS,
];
