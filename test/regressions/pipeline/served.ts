import type { Prompt } from "../../../instrumentation/scope.ts";

/** What answers the calls of one arm. */
export interface Served {
  /** The model that is asked for. */
  readonly model: string;
  /** The model that says it answered. */
  readonly answeredBy: string;
  readonly fingerprint: string;
  readonly prompt: Prompt;
  readonly temperature: number;
}

/** The incumbent. */
export const INCUMBENT: Served = {
  model: "gpt-4o-mini",
  answeredBy: "gpt-4o-mini-2024-07-18",
  fingerprint: "fp_a1b2c3",
  prompt: { name: "support", version: "41" },
  temperature: 0.2,
};

/** Another model that costs the same, under the same prompt. */
export const NEW_MODEL: Served = {
  ...INCUMBENT,
  ...{ model: "gpt-next-mini", answeredBy: "gpt-next-mini-2026-08-01", fingerprint: "fp_d4e5f6" },
};

/** The same model under the next version of the prompt. */
export const NEW_PROMPT: Served = { ...INCUMBENT, prompt: { name: "support", version: "42" } };
