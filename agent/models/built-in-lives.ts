import type { LifeTable, ModelLife } from "./model-life.ts";

/** The day the newest line of the built-in table was read. docs/models.md says how. */
export const LIVES_AS_OF = "2026-11-26";

const OPENAI = "https://developers.openai.com/api/docs/deprecations";
const ANTHROPIC = "https://platform.claude.com/docs/en/about-claude/model-deprecations";
const GOOGLE = "https://ai.google.dev/gemini-api/docs/deprecations";

type Line = readonly [model: string, life: ModelLife];

/** Models that one announcement ends on one day. */
const retired = (source: string, seen: string, announced: string | null, retires: string, models: string): Line[] =>
  models.split(" ").map((model) => [model, { retires, notBefore: null, announced, source, seen }]);

/** Models that are promised until a day, and whose end is not announced. */
const promised = (source: string, seen: string, notBefore: string, models: string): Line[] =>
  models.split(" ").map((model) => [model, { retires: null, notBefore, announced: null, source, seen }]);

const OPENAI_LINES: readonly Line[] = [
  ...retired(OPENAI, "2026-09-18", "2025-04-28", "2025-10-27", "o1-mini o1-mini-2024-09-12"),
  ...retired(OPENAI, "2026-09-18", "2025-11-18", "2026-02-17", "chatgpt-4o-latest"),
  ...retired(OPENAI, "2026-09-18", "2026-04-22", "2026-07-23", "gpt-5-chat-latest gpt-5.1-chat-latest"),
  ...retired(
    ...[OPENAI, "2026-04-23", "2026-04-22", "2026-07-23"],
    "gpt-5-codex gpt-5.1-codex gpt-5.1-codex-max gpt-5.1-codex-mini gpt-5.2-codex o3-deep-research o3-deep-research-2025-06-26 o4-mini-deep-research o4-mini-deep-research-2025-06-26 computer-use-preview computer-use-preview-2025-03-11 gpt-4o-search-preview-2025-03-11 gpt-4o-mini-search-preview-2025-03-11",
  ),
  ...retired(OPENAI, "2026-09-18", "2026-05-08", "2026-08-10", "gpt-5.2-chat-latest gpt-5.3-chat-latest"),
  ...retired(
    ...[OPENAI, "2026-09-18", "2025-09-26", "2026-09-28"],
    "gpt-3.5-turbo-instruct gpt-3.5-turbo-1106 babbage-002 davinci-002",
  ),
  ...retired(
    ...[OPENAI, "2026-10-15", "2026-04-22", "2026-10-23"],
    "gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-4 gpt-4-0613 gpt-4-1106-preview gpt-4-turbo gpt-4-turbo-2024-04-09 gpt-4.1-nano gpt-4.1-nano-2025-04-14 gpt-4o-2024-05-13 o1 o1-2024-12-17 o1-pro o1-pro-2025-03-19 o3-mini o3-mini-2025-01-31 o4-mini o4-mini-2025-04-16",
  ),
  ...retired(
    ...[OPENAI, "2026-09-17", "2026-06-11", "2026-12-11"],
    "gpt-5 gpt-5-2025-08-07 gpt-5-mini gpt-5-mini-2025-08-07 gpt-5-nano gpt-5-nano-2025-08-07 gpt-5-pro gpt-5-pro-2025-10-06 o3 o3-2025-04-16 o3-pro o3-pro-2025-06-10",
  ),
  // The page names the dated builds; the names without a date stand for the first of them on the models' own pages.
  ...retired(
    ...[OPENAI, "2026-10-28", "2026-10-14", "2027-01-14"],
    "gpt-4o gpt-4o-2024-08-06 gpt-4o-2024-11-20 gpt-4o-mini gpt-4o-mini-2024-07-18 gpt-4.1 gpt-4.1-2025-04-14 gpt-4.1-mini gpt-4.1-mini-2025-04-14",
  ),
  ...retired(
    ...[OPENAI, "2026-10-04", "2026-10-01", "2027-04-01"],
    "gpt-5.1 gpt-5.1-2025-11-13 gpt-5.3-codex gpt-5.4-nano gpt-5.4-nano-2026-03-17",
  ),
];

const ANTHROPIC_LINES: readonly Line[] = [
  ...retired(ANTHROPIC, "2026-09-17", "2026-04-14", "2026-06-15", "claude-sonnet-4-20250514 claude-sonnet-4-0"),
  ...retired(ANTHROPIC, "2026-09-17", "2026-04-14", "2026-06-15", "claude-opus-4-20250514 claude-opus-4-0"),
  ...retired(ANTHROPIC, "2026-09-17", "2026-06-05", "2026-08-05", "claude-opus-4-1 claude-opus-4-1-20250805"),
  ...retired(ANTHROPIC, "2026-11-26", "2026-11-23", "2027-01-22", "claude-opus-4-5 claude-opus-4-5-20251101"),
  ...promised(ANTHROPIC, "2026-09-17", "2026-09-29", "claude-sonnet-4-5 claude-sonnet-4-5-20250929"),
  ...promised(ANTHROPIC, "2026-09-17", "2026-10-15", "claude-haiku-4-5 claude-haiku-4-5-20251001"),
  ...promised(ANTHROPIC, "2026-09-17", "2027-02-05", "claude-opus-4-6"),
  ...promised(ANTHROPIC, "2026-09-17", "2027-02-17", "claude-sonnet-4-6"),
  ...promised(ANTHROPIC, "2026-09-17", "2027-04-16", "claude-opus-4-7"),
  ...promised(ANTHROPIC, "2026-09-17", "2027-05-28", "claude-opus-4-8"),
];

const GOOGLE_LINES: readonly Line[] = [
  ...retired(GOOGLE, "2026-09-17", null, "2026-06-01", "gemini-2.0-flash gemini-2.0-flash-lite"),
  ...retired(GOOGLE, "2026-11-10", null, "2026-12-01", "gemini-2.5-pro gemini-2.5-flash"),
  ...promised(GOOGLE, "2026-09-18", "2027-05-07", "gemini-3.1-flash-lite"),
];

/**
 * When models of OpenAI, Anthropic and Google end at their vendor's own API. What is not here is unknown, not eternal. Azure, Bedrock
 * and Vertex end models on days of their own, of which it holds none.
 */
export const BUILT_IN_LIVES: LifeTable = new Map([...OPENAI_LINES, ...ANTHROPIC_LINES, ...GOOGLE_LINES]);
