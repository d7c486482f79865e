import { expect, test } from "vitest";
import { areOtherModels, matchName } from "../../../detectors/trust/model-name.ts";

test.each([
  ["gpt-4o", "gpt-4o-2024-08-06"],
  ["gpt-4o", "openai/gpt-4o"],
  ["gpt-4o", "azure/gpt-4o"],
  ["gpt-4o", "GPT-4o"],
  ["gpt-4o", "openai/gpt-4o-2024-11-20:free"],
  ["gpt-4.1", "gpt-4.1-2025-04-14"],
  ["gpt-4", "gpt-4-0613"],
  ["gpt-3.5-turbo", "gpt-35-turbo"],
  ["gpt-35-turbo", "gpt-3.5-turbo-0125"],
  ["gpt-4-preview", "gpt-4-1106-preview"],
  ["gpt-5", "gpt-5-2025-08-07"],
  ["claude-sonnet-4", "claude-sonnet-4-20250514"],
  ["claude-sonnet-4", "us.anthropic.claude-sonnet-4-20250514-v1:0"],
  ["claude-sonnet-4", "claude-sonnet-4@20250514"],
  ["claude-sonnet-4-5", "anthropic/claude-sonnet-4.5"],
  ["claude-sonnet-4-0", "claude-sonnet-4-20250514"],
  ["gemini-2.0-flash", "models/gemini-2.0-flash-001"],
  ["claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"],
  ["claude-3-5-sonnet-20241022", "anthropic.claude-3-5-sonnet-20241022-v2:0"],
  [
    "claude-3-5-sonnet-20241022",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0",
  ],
  ["claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet-20241022"],
  ["amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"],
  ["gemini-2.5-flash", "models/gemini-2.5-flash"],
  ["gemini-2.5-flash", "publishers/google/models/gemini-2.5-flash"],
  ["gemini-1.5-pro", "gemini-1.5-pro-002"],
  ["gemini-2.5-flash-preview", "gemini-2.5-flash-preview-05-20"],
  ["gemini-2.5-flash-preview", "gemini-2.5-flash-preview-09-2025"],
  ["mistral-large-latest", "mistral-large-2411"],
  ["command-r", "command-r-08-2024"],
  ["llama3.1:8b", "meta-llama/Llama-3.1-8B"],
  ["llama-v3p1-8b-instruct", "accounts/fireworks/models/llama-v3p1-8b-instruct"],
  ["Llama-3.1-70B-Instruct", "meta.llama3-1-70b-instruct-v1:0"],
  ["grok-4", "grok-4-0709"],
  ["deepseek-r1", "deepseek-r1-0528"],
  ["gpt-5-2026-08", "gpt-5-2026-08"],
  ["our own name", "Our Own Name"],
])("%s is answered by %s", (documented, seen) => {
  expect(matchName(documented, seen)).toBeGreaterThan(0);
  expect(areOtherModels(documented, seen)).not.toBe(true);
});

test("a name without a tag is answered by any of its tags, and a tag only by itself", () => {
  for (const [documented, seen] of [
    ["llama3.2", "llama3.2:3b"],
    ["llama3.1", "llama3.1:8b-instruct-q4_K_M"],
    ["gpt-4o", "openai/gpt-4o:extended"],
  ] as const)
    expect(matchName(documented, seen)).toBeGreaterThan(0);
  for (const [documented, seen] of [
    ["llama3.2:3b", "llama3.2:1b"],
    ["llama3.1", "llama3.2:3b"],
    ["gpt-4o-mini", "ft:gpt-4o-mini-2024-07-18:acme::abc123"],
  ] as const)
    expect(matchName(documented, seen)).toBe(0);
});

test.each([
  ["gpt-4o", "gpt-4o-mini"],
  ["gpt-4o", "gpt-4o-mini-2024-07-18"],
  ["gpt-4o-mini", "gpt-4o-2024-08-06"],
  ["gpt-5", "gpt-5-mini"],
  ["gpt-5", "gpt-5-nano-2025-08-07"],
  ["gpt-4", "gpt-4o"],
  ["gpt-4", "gpt-4-turbo-2024-04-09"],
  ["gpt-4.1", "gpt-4.1-nano"],
  ["gpt-4.1", "gpt-4"],
  ["gpt-4o", "openai/gpt-4.1"],
  ["claude-sonnet-4", "claude-sonnet-4-5-20250929"],
  ["claude-sonnet-4", "claude-opus-4-20250514"],
  ["claude-3-5-sonnet", "claude-3-5-haiku-20241022"],
  ["gemini-2.5-flash", "gemini-2.5-flash-lite"],
  ["gemini-2.5-flash", "gemini-2.5-pro"],
  ["llama3.1:8b", "llama3.1:70b"],
  ["o3", "o3-mini-2025-01-31"],
  ["gpt-4o", "claude-sonnet-4-20250514"],
  ["deepseek-v3", "deepseek-r1"],
])("%s is not answered by %s", (documented, seen) => {
  expect(matchName(documented, seen)).toBe(0);
  expect(areOtherModels(documented, seen)).toBe(true);
});

test("a pinned build is not another one, and an alias does not say which it is", () => {
  expect(matchName("gpt-4o-2024-08-06", "gpt-4o-2024-11-20")).toBe(0);
  expect(areOtherModels("gpt-4o-2024-08-06", "gpt-4o-2024-11-20")).toBe(true);
  expect(matchName("gpt-4o-2024-08-06", "gpt-4o")).toBe(-1);
});

test.each([
  ["gpt-4o-prod", "gpt-4o-2024-08-06", false],
  ["prod-gpt4o-eastus2", "gpt-4o-2024-08-06", false],
  ["gpt-4o-mini-canary", "gpt-4o-mini-2024-07-18", false],
  ["gpt-4o-mini-canary", "gpt-4o-2024-08-06", true],
  ["gemini-flash-latest", "gemini-2.5-flash-preview-09-2025", false],
  ["chatgpt-4o-latest", "chatgpt-4o-latest", false],
  ["chat-next", "gpt-4o-2024-08-06", null],
  ["gpt-4o", "deployment-7f3a", null],
])("a deployment of %s and %s: other models is %s", (documented, seen, expected) => {
  expect(areOtherModels(documented, seen)).toBe(expected);
});

test.each([
  "",
  " ",
  "/",
  "-",
  ":",
  "latest",
  "2024-08-06",
  "v1",
  "...",
  "a/",
  "\u0000",
  "constructor",
  "x".repeat(10_000),
])("%j is a name like any other", (name) => {
  expect(matchName(name, name)).toBe(3);
  expect(matchName("gpt-4o", name)).toBe(0);
  expect(areOtherModels(name, "gpt-4o")).toBeNull();
});
