/** Families of output features: features of one family move together, so a finding names the family first. */
export type FeatureFamily =
  | "length"
  | "answer format"
  | "code fence"
  | "structure"
  | "markdown"
  | "manner"
  | "degeneration"
  | "script"
  | "tools"
  | "confidence";

/** One entry of the feature catalogue. */
export interface FeatureDefinition {
  readonly family: FeatureFamily;
  /** `flag`: 1 yes, 0 no; `count`: 0 and up; `share`: 0 to 1; `number`: any. */
  readonly kind: "flag" | "count" | "share" | "number";
  /** One line for people. */
  readonly about: string;
}

/** Names of the measured properties of an answer; each is an attribute `leeway.output.<name>`. */
export type FeatureName =
  | "words"
  | "sentences"
  | "lines"
  | "paragraphs"
  | "readability"
  | "option_start"
  | "one_line"
  | "very_short"
  | "no_final_punctuation"
  | "starts_with_fence"
  | "text_before_fence"
  | "text_after_fence"
  | "json_recoverable"
  | "json_preamble"
  | "json_commentary"
  | "schema_valid"
  | "json_depth"
  | "json_nulls"
  | "json_empty_arrays"
  | "headings"
  | "bullets"
  | "bullet_items"
  | "numbered_items"
  | "numbered"
  | "bold"
  | "tables"
  | "links"
  | "as_an_ai"
  | "apology"
  | "hedging"
  | "preamble"
  | "closing_offer"
  | "ends_with_question"
  | "first_person"
  | "exclamation"
  | "compressibility"
  | "longest_run"
  | "repeated_4grams"
  | "type_token_ratio"
  | "degenerate"
  | "non_ascii_share"
  | "curly_apostrophes"
  | "em_dashes"
  | "digit_share"
  | "number_words"
  | "tool_calls"
  | "tool_called"
  | "tool_call_missing"
  | "tool_names_known"
  | "tool_arguments_parse"
  | "tool_arguments_match"
  | "token_nll"
  | "self_confidence";

const define = (
  family: FeatureFamily,
  kind: FeatureDefinition["kind"],
  about: Readonly<Partial<Record<FeatureName, string>>>,
): readonly (readonly [string, FeatureDefinition])[] =>
  Object.entries(about).map(([name, text]) => [name, { family, kind, about: text }]);

/** Every output feature that is a number, by name. What is unknown or does not apply is left out, never 0. */
export const FEATURES: Readonly<Record<FeatureName, FeatureDefinition>> = Object.fromEntries([
  ...define("length", "count", {
    words: "words; in scripts without blanks every character is one",
    sentences: "sentences",
    lines: "lines that are not empty",
    paragraphs: "blocks of text between empty lines",
  }),
  ...define("length", "number", { readability: "automated readability index, for texts in Latin script" }),
  ...define("answer format", "flag", {
    option_start: "starts with a bracket or the letter of an option",
    one_line: "has one line only",
    very_short: "is shorter than 20 characters",
    no_final_punctuation: "ends without a closing mark",
  }),
  ...define("code fence", "flag", {
    starts_with_fence: "starts with a code fence",
    text_before_fence: "has text before the first fence",
    text_after_fence: "has text after the last fence",
  }),
  ...define("structure", "flag", {
    json_recoverable: "parses, or does once a fence or the text around it is taken off; of those asked for JSON",
    json_preamble: "has text before the JSON; of those asked for JSON",
    json_commentary: "has text after the JSON; of those asked for JSON",
    schema_valid: "matches the schema the request declared",
  }),
  ...define("structure", "count", {
    json_depth: "levels of nesting",
    json_nulls: "members that are null",
    json_empty_arrays: "arrays without an element",
  }),
  ...define("markdown", "flag", {
    headings: "has a Markdown heading",
    bullets: "has a bulleted list",
    numbered: "has a numbered list",
    bold: "has bold text",
    tables: "has a table",
    links: "has a link",
  }),
  ...define("markdown", "count", {
    bullet_items: "entries of bulleted lists",
    numbered_items: "entries of numbered lists",
  }),
  ...define("manner", "flag", {
    as_an_ai: "speaks of itself as an AI",
    apology: "apologises",
    hedging: "hedges",
    preamble: "opens with a set phrase (Sure!)",
    closing_offer: "closes with an offer of more help",
    ends_with_question: "ends with a question",
    first_person: "says I",
    exclamation: "exclaims",
  }),
  ...define("degeneration", "number", {
    compressibility: "estimated compressed size per character: low is repetitive; texts of 200 characters and more",
  }),
  ...define("degeneration", "count", { longest_run: "longest run of one word, or of one letter, in times" }),
  ...define("degeneration", "share", {
    repeated_4grams: "sequences of four words that were there before",
    type_token_ratio: "different words among the first 100; texts of 20 words and more",
  }),
  ...define("degeneration", "flag", { degenerate: "loops, or is no language" }),
  ...define("script", "share", {
    non_ascii_share: "characters beyond ASCII",
    digit_share: "characters that are digits",
  }),
  ...define("script", "flag", {
    curly_apostrophes: "has a curly apostrophe",
    em_dashes: "has an em dash",
    number_words: "writes a number as a word (English)",
  }),
  ...define("tools", "count", { tool_calls: "tool calls; of those offered a tool" }),
  ...define("tools", "flag", {
    tool_called: "calls a tool; of those offered one",
    tool_call_missing: "calls no tool; of those told to call one",
    tool_names_known: "every called tool was offered",
    tool_arguments_parse: "the arguments of every call parse",
    tool_arguments_match: "the arguments of every call match the declared schema",
  }),
  ...define("confidence", "number", { token_nll: "mean negative log-probability of the tokens, nats" }),
  ...define("confidence", "share", { self_confidence: "confidence the answer states of itself in a JSON field" }),
]) as Readonly<Record<FeatureName, FeatureDefinition>>;

/** Measured properties of one answer by name. A missing name is unknown or does not apply. */
export type Features = Readonly<Partial<Record<FeatureName, number>>>;

/** Names of the properties of an answer that are a label; each is an attribute `leeway.output.<name>`. */
export type FeatureLabel = "answer_form" | "script" | "language" | "json_shape" | "tool_chosen" | "tools_offered";

/** Every output feature that is a label, by name; labels are words of short fixed lists or digests, and quote nothing. */
export const FEATURE_LABELS: Readonly<
  Record<FeatureLabel, { readonly family: FeatureFamily; readonly about: string }>
> = {
  answer_form: { family: "answer format", about: "json, code, list, prose, line, option, or word" },
  script: { family: "script", about: "the script most letters belong to" },
  language: { family: "script", about: "ISO 639-1 code of the language the answer is in, where it is clear" },
  json_shape: { family: "structure", about: "which keys a JSON answer has, as one of 32 digests" },
  tool_chosen: { family: "tools", about: "digest of the names of the tools the answer calls" },
  tools_offered: {
    family: "tools",
    about: "of the request, not the answer: digest of the names and parameters of its tools",
  },
};

/** Labels of one answer by name; a missing name is unknown. */
export type Labels = Readonly<Partial<Record<FeatureLabel, string>>>;

/** True when `name` names a feature of the catalogue. */
export const isFeatureName = (name: string): name is FeatureName => Object.hasOwn(FEATURES, name);

/** True when `name` names a label of the catalogue. */
export const isFeatureLabel = (name: string): name is FeatureLabel => Object.hasOwn(FEATURE_LABELS, name);
