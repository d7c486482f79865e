/** Families of what the output is compared by: measures of one family move together, so a finding names the family first. */
export type MeasureFamily =
  /** The answer is longer or shorter. */
  | "length"
  /** How the same amount of text is divided. */
  | "layout"
  | "answer format"
  | "code fence"
  | "structure"
  | "markdown"
  | "refusal"
  | "manner"
  | "degeneration"
  | "script"
  | "tools"
  | "finish"
  | "confidence"
  | "usage";

/**
 * What a measure says of one call. `flag`: yes or no; `count`: how many of something, 0 and up; `share`: 0 to 1;
 * `number`: an amount in a unit; `label`: one word; `labels`: any number of different words.
 */
export type MeasureKind = "flag" | "count" | "share" | "number" | "label" | "labels";

/** Which way is worse; `either` where both are a change and neither is better. */
export type Worse = "up" | "down" | "either";

/** Which calls or answers a share, mean or quantile is of, in the words people read. */
export const COUNTED = {
  "every call": "all calls",
  "not broken off": "calls, but those whose answer the app broke off",
  "not failed": "calls that did not fail",
  retries: "calls of senders whose retries are known",
  "retries, not broken off": "calls of senders whose retries are known, but those whose answer the app broke off",
  "asked to wait": "retried calls whose provider asked for a wait",
  usage: "calls whose usage tells it",
  "both usages": "calls whose usage tells both",
  priced: "calls with known usage, of a model that has a price",
  reasoning: "calls that did not fail, whose usage tells it",
  text: "answers with text; those that only call tools are left out",
  refusable:
    "answers with text, and what the provider itself marks as refused or filtered; those that only call tools are left out",
  "asked for JSON": "answers that were asked for JSON, whole and without tool calls",
  schema: "answers whose request declared a schema, whole and without tool calls",
  JSON: "answers in JSON, whole and without tool calls",
  "confident JSON": "answers in JSON that state one",
  "calls tools": "answers that call tools; others are left out",
  "offered tools": "answers to requests that offered a tool",
  "told to call": "answers to requests that demanded a tool call",
  finished: "answers that say why they ended",
  "log-probabilities": "answers whose provider returns log-probabilities",
  "text and usage": "answers with text and known usage that call no tool",
  timed: "answers of 16 tokens and more",
  "first chunk": "answers whose first chunk was seen",
  features: "answers of which features are known",
  scored: "answers a score arrived for",
  told: "answers the app told about",
  thumb: "answers that got a thumb",
  "an hour on": "calls that ended an hour ago, from the first ticket on",
} as const;

/** Which calls or answers a measure counts. */
export type Counted = keyof typeof COUNTED;

interface MeasureBase {
  readonly kind: MeasureKind;
  /** Which calls or answers it counts: the n of its share or mean. Of every measure that rules can name. */
  readonly of?: Counted;
  /** Unit people read, of a number; shares and labels have theirs. */
  readonly unit?: string;
  /** One line for people. */
  readonly about: string;
}

/** Of a call, as its span says it: the SQL that reads it is in store/signal-columns.ts. */
interface CallMeasure extends MeasureBase {
  readonly from: "call";
  readonly worse: Worse;
  /** Only of those the arms' output is compared by. */
  readonly family?: MeasureFamily;
  readonly keepsStill?: true;
}

/** Of the answer, computed by features/: an attribute `leeway.output.<name>`, kept by its name in `llm_spans`. */
interface AnswerMeasure extends MeasureBase {
  readonly from: "answer";
  readonly kind: Exclude<MeasureKind, "labels">;
  readonly family: MeasureFamily;
  /** Makes it a signal of its own; the others are kept together, in `output_features`, and only compared. */
  readonly worse?: Worse;
  readonly keepsStill?: true;
}

/** Of the request, recorded as a label of the answer; it says what the arms were asked, not what came out. */
interface RequestMeasure extends MeasureBase {
  readonly from: "request";
  readonly kind: "label";
  readonly family: MeasureFamily;
}

/** What becomes known after the call: a score, a thumb, a ticket. */
interface OutcomeMeasure extends MeasureBase {
  readonly from: "outcome";
  readonly kind: "flag" | "share";
  /** What the outcomes that tell of it are called. */
  readonly named: readonly string[];
  /** `arrival`: when it arrives, for the calls it arrives for; `hour`: of every call, an hour after it ended. */
  readonly counts: "arrival" | "hour";
  readonly worse: Worse;
}

/** One entry of the catalogue. `keepsStill`: it has to be proven like the baseline's for `output_shape` to be clear. */
export type Measure = CallMeasure | AnswerMeasure | RequestMeasure | OutcomeMeasure;

/**
 * Everything that is measured, each once: what rules can name (core/signals.ts), what is computed from answers
 * (core/features.ts) and what the arms' output is compared by (core/shape-features.ts) are made of this, in this order.
 *
 * `keepsStill` have one or two of each family, because those of a family move together, and only such as keep still
 * while the model does not change. Of calls, those without a family are not compared: latency, cost and tokens follow the
 * length of the answer and would say the same thing twice; tokens per character and time per token tell the rest.
 */
const CATALOGUE = {
  error: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls that failed, of those whose answer the app did not break off",
    of: "not broken off",
  },
  rate_limited: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls that ended because of a rate limit (429) or a quota",
    of: "not broken off",
  },
  overloaded: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls that ended because the provider was overloaded (503, 529)",
    of: "not broken off",
  },
  attempts: {
    from: "call",
    kind: "number",
    unit: "attempts",
    worse: "up",
    about: "attempts a call took: 1 where the first one settled it",
    of: "retries",
  },
  retry_wait_ms: {
    from: "call",
    kind: "number",
    unit: "ms",
    worse: "up",
    about: "time lost between the attempts of a call",
    of: "retries",
  },
  throttled: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls of which a rate limit or an overload turned an attempt away, however they ended",
    of: "retries",
  },
  retry_after_kept: {
    from: "call",
    kind: "flag",
    worse: "down",
    about: "calls whose retries all waited as long as the provider asked",
    of: "asked to wait",
  },
  gave_up: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls that failed after the last of their retries",
    of: "retries, not broken off",
  },
  request_error: {
    from: "call",
    kind: "flag",
    worse: "up",
    about: "calls whose request was refused as wrong: a parameter, a model, its length",
    of: "not broken off",
  },
  latency_ms: {
    from: "call",
    kind: "number",
    unit: "ms",
    worse: "up",
    about: "request to last byte",
    of: "not failed",
  },
  output_tokens: { from: "call", kind: "number", unit: "tokens", worse: "up", about: "answer tokens", of: "usage" },
  tokens_total: {
    from: "call",
    kind: "number",
    unit: "tokens",
    worse: "up",
    about: "prompt and answer tokens",
    of: "both usages",
  },
  cost_usd: {
    from: "call",
    kind: "number",
    unit: "USD",
    worse: "up",
    about: "price of the call, where the model has one; see [prices](prices.md)",
    of: "priced",
  },

  output_chars: {
    from: "call",
    family: "length",
    keepsStill: true,
    kind: "number",
    unit: "characters",
    worse: "either",
    about: "length of the answer",
    of: "text",
  },
  words: {
    from: "answer",
    family: "length",
    kind: "count",
    about: "words; in scripts without blanks every character is one",
  },
  sentences: { from: "answer", family: "layout", kind: "count", about: "sentences" },
  lines: { from: "answer", family: "layout", kind: "count", about: "lines that are not empty" },
  paragraphs: { from: "answer", family: "layout", kind: "count", about: "blocks of text between empty lines" },
  readability: {
    from: "answer",
    family: "manner",
    kind: "number",
    about: "automated readability index, for texts in Latin script",
  },

  answer_form: {
    from: "answer",
    family: "answer format",
    keepsStill: true,
    kind: "label",
    worse: "either",
    about: "json, code, list, prose, line, option, or word",
    of: "text",
  },
  option_start: {
    from: "answer",
    family: "answer format",
    kind: "flag",
    about: "starts with a bracket or the letter of an option",
  },
  one_line: { from: "answer", family: "answer format", kind: "flag", about: "has one line only" },
  very_short: { from: "answer", family: "answer format", kind: "flag", about: "is shorter than 20 characters" },
  no_final_punctuation: {
    from: "answer",
    family: "answer format",
    kind: "flag",
    about: "ends without a closing mark",
  },

  code_fence: {
    from: "call",
    family: "code fence",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "answers that hold a code fence",
    of: "text",
  },
  starts_with_fence: { from: "answer", family: "code fence", kind: "flag", about: "starts with a code fence" },
  text_before_fence: {
    from: "answer",
    family: "code fence",
    kind: "flag",
    about: "has text before the first fence",
  },
  text_after_fence: { from: "answer", family: "code fence", kind: "flag", about: "has text after the last fence" },

  json_valid: {
    from: "call",
    family: "structure",
    keepsStill: true,
    kind: "flag",
    worse: "down",
    about: "answers that parse, of those asked for JSON",
    of: "asked for JSON",
  },
  json_recoverable: {
    from: "answer",
    family: "structure",
    kind: "flag",
    about: "parses, or does once a fence or the text around it is taken off; of those asked for JSON",
  },
  json_preamble: {
    from: "answer",
    family: "structure",
    kind: "flag",
    about: "has text before the JSON; of those asked for JSON",
  },
  json_commentary: {
    from: "answer",
    family: "structure",
    kind: "flag",
    about: "has text after the JSON; of those asked for JSON",
  },
  schema_valid: {
    from: "answer",
    family: "structure",
    kind: "flag",
    worse: "down",
    about: "matches the schema the request declared; of those that had one",
    of: "schema",
  },
  json_depth: { from: "answer", family: "structure", kind: "count", about: "levels of nesting" },
  json_nulls: { from: "answer", family: "structure", kind: "count", about: "members that are null" },
  json_empty_arrays: { from: "answer", family: "structure", kind: "count", about: "arrays without an element" },
  json_shape: {
    from: "answer",
    family: "structure",
    keepsStill: true,
    kind: "label",
    worse: "either",
    about: "which keys a JSON answer has, as one of 32 digests",
    of: "JSON",
  },

  headings: {
    from: "answer",
    family: "markdown",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "has a Markdown heading",
    of: "text",
  },
  bullets: {
    from: "answer",
    family: "markdown",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "has a bulleted list",
    of: "text",
  },
  numbered: { from: "answer", family: "markdown", kind: "flag", about: "has a numbered list" },
  bold: { from: "answer", family: "markdown", kind: "flag", about: "has bold text" },
  tables: { from: "answer", family: "markdown", kind: "flag", about: "has a table" },
  links: { from: "answer", family: "markdown", kind: "flag", about: "has a link" },
  bullet_items: { from: "answer", family: "markdown", kind: "count", about: "entries of bulleted lists" },
  numbered_items: { from: "answer", family: "markdown", kind: "count", about: "entries of numbered lists" },

  refusal: {
    from: "call",
    family: "refusal",
    kind: "flag",
    worse: "either",
    about: "answers that refuse (hard, inability or soft)",
    of: "refusable",
  },
  refusal_class: {
    from: "call",
    family: "refusal",
    keepsStill: true,
    kind: "label",
    worse: "either",
    about: "class of the answer's refusal",
    of: "refusable",
  },

  as_an_ai: { from: "answer", family: "manner", kind: "flag", about: "speaks of itself as an AI" },
  apology: { from: "answer", family: "manner", kind: "flag", about: "apologises" },
  hedging: { from: "answer", family: "manner", kind: "flag", about: "hedges" },
  preamble: {
    from: "answer",
    family: "manner",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "opens with a set phrase (Sure!)",
    of: "text",
  },
  closing_offer: {
    from: "answer",
    family: "manner",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "closes with an offer of more help",
    of: "text",
  },
  ends_with_question: { from: "answer", family: "manner", kind: "flag", about: "ends with a question" },
  first_person: { from: "answer", family: "manner", kind: "flag", about: "says I" },
  exclamation: { from: "answer", family: "manner", kind: "flag", about: "exclaims" },

  compressibility: {
    from: "answer",
    family: "degeneration",
    kind: "number",
    about: "estimated compressed size per character: low is repetitive; texts of 200 characters and more",
  },
  longest_run: {
    from: "answer",
    family: "degeneration",
    kind: "count",
    about: "longest run of one word, or of one letter, in times",
  },
  repeated_4grams: {
    from: "answer",
    family: "degeneration",
    kind: "share",
    about: "sequences of four words that were there before",
  },
  type_token_ratio: {
    from: "answer",
    family: "degeneration",
    kind: "share",
    about: "different words among the first 100; texts of 20 words and more",
  },
  degenerate: {
    from: "answer",
    family: "degeneration",
    keepsStill: true,
    kind: "flag",
    worse: "up",
    about: "loops, or is no language",
    of: "text",
  },

  script: { from: "answer", family: "script", kind: "label", about: "the script most letters belong to" },
  language: {
    from: "answer",
    family: "script",
    keepsStill: true,
    kind: "label",
    worse: "either",
    about: "ISO 639-1 code of the language the answer is in, where it is clear",
    of: "text",
  },
  non_ascii_share: { from: "answer", family: "script", kind: "share", about: "characters beyond ASCII" },
  digit_share: { from: "answer", family: "script", kind: "share", about: "characters that are digits" },
  curly_apostrophes: {
    from: "answer",
    family: "script",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "has a curly apostrophe",
    of: "text",
  },
  em_dashes: { from: "answer", family: "script", kind: "flag", about: "has an em dash" },
  number_words: { from: "answer", family: "script", kind: "flag", about: "writes a number as a word (English)" },

  tool_call_valid: {
    from: "call",
    family: "tools",
    kind: "flag",
    worse: "down",
    about: "every tool call of the answer is well formed",
    of: "calls tools",
  },
  tool_calls: { from: "answer", family: "tools", kind: "count", about: "tool calls; of those offered a tool" },
  tool_called: {
    from: "answer",
    family: "tools",
    keepsStill: true,
    kind: "flag",
    worse: "either",
    about: "calls a tool; of those offered one",
    of: "offered tools",
  },
  tool_call_missing: {
    from: "answer",
    family: "tools",
    kind: "flag",
    worse: "up",
    about: "calls no tool; of those told to call one",
    of: "told to call",
  },
  tool_names_known: { from: "answer", family: "tools", kind: "flag", about: "every called tool was offered" },
  tool_arguments_parse: {
    from: "answer",
    family: "tools",
    kind: "flag",
    about: "the arguments of every call parse",
  },
  tool_arguments_match: {
    from: "answer",
    family: "tools",
    kind: "flag",
    about: "the arguments of every call match the declared schema",
  },
  tool_chosen: {
    from: "answer",
    family: "tools",
    kind: "label",
    about: "digest of the names of the tools the answer calls",
  },
  tools_offered: {
    from: "request",
    family: "tools",
    kind: "label",
    about: "of the request, not the answer: digest of the names and parameters of its tools",
  },

  finish_reason: {
    from: "call",
    family: "finish",
    keepsStill: true,
    kind: "label",
    worse: "either",
    about: "why the answer ended",
    of: "finished",
  },
  truncated: {
    from: "call",
    family: "finish",
    kind: "flag",
    worse: "up",
    about: "answers cut at the token limit",
    of: "finished",
  },

  token_nll: {
    from: "answer",
    family: "confidence",
    kind: "number",
    unit: "nats",
    worse: "up",
    about: "mean negative log-probability of the tokens, nats; where the provider returns it",
    of: "log-probabilities",
  },
  self_confidence: {
    from: "answer",
    family: "confidence",
    kind: "share",
    worse: "either",
    about: "confidence the answer states of itself in a JSON field",
    of: "confident JSON",
  },

  tokens_per_char: {
    from: "call",
    family: "usage",
    kind: "number",
    unit: "tokens per character",
    worse: "up",
    about: "answer tokens, less reasoning, per character: moves with the tokenizer",
    of: "text and usage",
  },
  reasoning_tokens: {
    from: "call",
    family: "usage",
    kind: "number",
    unit: "tokens",
    worse: "up",
    about: "answer tokens spent on reasoning",
    of: "reasoning",
  },
  ms_per_token: {
    from: "call",
    family: "usage",
    kind: "number",
    unit: "ms",
    worse: "up",
    about: "latency per answer token, for answers of 16 tokens and more",
    of: "timed",
  },
  ttft_ms: {
    from: "call",
    family: "usage",
    kind: "number",
    unit: "ms",
    worse: "up",
    about: "request to first content chunk",
    of: "first chunk",
  },
  input_tokens: {
    from: "call",
    family: "usage",
    kind: "number",
    unit: "tokens",
    worse: "up",
    about: "prompt tokens, cached ones included",
    of: "usage",
  },

  output_features: {
    from: "call",
    kind: "labels",
    worse: "either",
    about: "the features of the answer without a signal of their own, as `name=value`",
    of: "features",
  },
  key_paths: {
    from: "call",
    kind: "labels",
    worse: "either",
    about: "digests of the key paths of JSON answers: there, null, empty, or one of the schema's values",
    of: "JSON",
  },
  call_setup: {
    from: "call",
    kind: "labels",
    worse: "either",
    about: "what the call was made with: model, prompt, parameters and tools, as `name=value`",
    of: "every call",
  },

  quality: {
    from: "outcome",
    named: ["quality"],
    counts: "arrival",
    kind: "share",
    worse: "down",
    about: "quality score of the answer, 0 to 1",
    of: "scored",
  },
  task_completed: {
    from: "outcome",
    named: ["task_completed"],
    counts: "arrival",
    kind: "flag",
    worse: "down",
    about: "tasks that were completed, of those the app told about",
    of: "told",
  },
  thumbs_up: {
    from: "outcome",
    named: ["thumbs"],
    counts: "arrival",
    kind: "flag",
    worse: "down",
    about: "thumbs up, of the answers that got a thumb",
    of: "thumb",
  },
  support_tickets: {
    from: "outcome",
    named: ["support_ticket", "support_tickets"],
    counts: "hour",
    kind: "flag",
    worse: "up",
    about: "calls followed by a support ticket within the hour",
    of: "an hour on",
  },
} as const;

type Catalogue = typeof CATALOGUE;

/** Name of a measure of the catalogue. */
export type MeasureName = keyof Catalogue;

/** The names of the measures that look like `Pattern`. */
export type MeasuresLike<Pattern> = {
  [Name in MeasureName]: Catalogue[Name] extends Pattern ? Name : never;
}[MeasureName];

type KeyOf<Member> = Member extends unknown ? keyof Member : never;
type UnknownKey = Exclude<KeyOf<Catalogue[MeasureName]>, KeyOf<Measure>>;
const everyKeyIsKnown: [UnknownKey] extends [never] ? true : UnknownKey = true;
void everyKeyIsKnown;

/** The catalogue. */
export const MEASURES: Readonly<Record<MeasureName, Measure>> = CATALOGUE;

/** Names of the measures for which `isOne` holds, in the order of the catalogue. */
export const measuresWhere = (isOne: (measure: Measure) => boolean): readonly MeasureName[] =>
  (Object.keys(MEASURES) as MeasureName[]).filter((name) => isOne(MEASURES[name]));
