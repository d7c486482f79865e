/** A name under which a call may be priced. */
export interface PriceName {
  readonly name: string;
  /** What was taken off or written otherwise to come from the name that was seen to this one, in words and in order. */
  readonly because: readonly string[];
}

/** One way in which names of one and the same model differ. Null = not this name. */
interface Spelling {
  readonly what: string;
  readonly plain: (name: string) => string | null;
}

const replaced =
  (pattern: RegExp, by = "") =>
  (name: string): string | null => {
    const plain = name.replace(pattern, by);
    return plain === name || plain === "" ? null : plain;
  };

/** Hosts and routers that ask the vendor's own price; others (Groq, Together, a region of Azure) have their own. */
const ROUTE =
  /^(?:openrouter|azure(?:\/global(?:-standard)?)?|azure_ai|azure-openai|vertex_ai|vertex|google-vertex|bedrock(?:\/(?:converse|invoke))?(?:\/(?!us-gov-)[a-z]{2}-[a-z]+-\d)?|amazon-bedrock|aws|gemini|google|google-ai-studio|openai|anthropic|mistral|mistralai|cohere|xai|x-ai|amazon|models|(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/[a-z]+\/models)\//;

/** A model or a profile of Bedrock's own; profiles that people make, and throughput they bought, say nothing of a model. */
const ARN = /^arn:aws:bedrock:(?!us-gov-)[a-z0-9-]*:\d*:(?:inference-profile|foundation-model)\//;

/** Bedrock's vendors, and the regions of its profiles. `us-gov.` has prices of its own. */
const BEDROCK_VENDOR = /^(?:(?:us|eu|apac|jp|au|ca|global)\.)?(?:anthropic|amazon|cohere|mistral)\./;

/** Bedrock's revision of its wrapping: `-v1:0`, `-v2`. */
const REVISION = /-v\d+(?::\d+)?$/;

/** `-20250514`, `@20250514`, `-2025-04-14`. */
const DATE = /(?:[-@]20\d{6}|-20\d{2}-\d{2}-\d{2})$/;

/** Google's builds of one version: `gemini-2.0-flash-001`. */
const GOOGLE_BUILD = /^(gemini-\d.*)[-@]00\d$/;

/**
 * Where the vendor says that `-latest` is the newest build of that very version. Elsewhere it moves from model to model
 * (`mistral-large-latest`).
 */
const LATEST = /^(claude-3-.*|grok-\d.*)-latest$/;

/** Routers write versions of Claude with a dot. */
const CLAUDE_DOT = /^(claude-(?:[a-z]+-)?\d)\.(\d)/;

/** In the order in which they are undone, from the outside in. */
const SPELLINGS: readonly Spelling[] = [
  {
    what: "in lower case",
    plain: (name) => (name === name.trim().toLowerCase() ? null : name.trim().toLowerCase() || null),
  },
  { what: "the model of the ARN", plain: replaced(ARN) },
  { what: "without its route", plain: replaced(ROUTE) },
  { what: "without its route", plain: replaced(ROUTE) },
  { what: "without Bedrock's vendor and region", plain: replaced(BEDROCK_VENDOR) },
  { what: "without Bedrock's revision", plain: replaced(REVISION) },
  { what: "with dashes for dots", plain: replaced(CLAUDE_DOT, "$1-$2") },
  { what: "with the dot that Azure leaves out", plain: replaced(/^gpt-35-/, "gpt-3.5-") },
  { what: "without the date of its build", plain: replaced(DATE) },
  { what: "without the number of its build", plain: replaced(GOOGLE_BUILD, "$1") },
  { what: "without -latest, which is its newest build", plain: replaced(LATEST, "$1") },
];

/**
 * Names under which a model may be priced, best first: as it is, then with one spelling after the other undone. Nothing
 * else is taken off: a model that only begins like a known one has an unknown price.
 */
export function* priceNames(model: string): Generator<PriceName> {
  let last: PriceName = { name: model, because: [] };
  yield last;
  for (const { what, plain } of SPELLINGS) {
    const name = plain(last.name);
    if (name === null) continue;
    last = { name, because: [...last.because, what] };
    yield last;
  }
}

/** Claude of version 4.5 and later. */
const CLAUDE_SINCE_4_5 = /claude-[a-z]+-(?:4[-.][5-9]|[5-9]|1\d)(?!\d)/;

/**
 * What a cloud asks on top of the vendor's price, as a factor: Bedrock a tenth more for Claude from 4.5 on wherever calls stay in
 * a region, which is said by every name of its own but `global.`.
 */
export const surcharge = (model: string): { readonly factor: number; readonly because: string } | null => {
  const name = model.toLowerCase();
  const isRegional = /(?:^|[/])(?:(?:us|eu|apac|jp|au|ca)\.)?anthropic\.claude-/.test(name);
  if (!isRegional || !CLAUDE_SINCE_4_5.test(name)) return null;
  return { factor: 1.1, because: "a tenth more, for calls that Bedrock keeps in a region" };
};
