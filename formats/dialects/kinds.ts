import type { DialectKind } from "./dialect-kind.ts";
import { LANGFUSE_KIND } from "./langfuse/langfuse-kind.ts";
import { OLD_SEMANTIC_CONVENTIONS_KIND } from "./old-semantic-conventions/old-semantic-conventions-kind.ts";
import { OPENINFERENCE_KIND } from "./openinference/openinference-kind.ts";
import { OPENLLMETRY_KIND } from "./openllmetry/openllmetry-kind.ts";
import { SEMANTIC_CONVENTIONS_KIND } from "./semantic-conventions/semantic-conventions-kind.ts";
import { VERCEL_AI_KIND } from "./vercel-ai/vercel-ai-kind.ts";

/** How spans are told to be calls, in the order of the dialects: the first that says what a span is decides. */
export const KINDS: readonly DialectKind[] = [
  VERCEL_AI_KIND,
  OPENINFERENCE_KIND,
  LANGFUSE_KIND,
  SEMANTIC_CONVENTIONS_KIND,
  OPENLLMETRY_KIND,
  OLD_SEMANTIC_CONVENTIONS_KIND,
];
