import type { Arm } from "../../core/cohort.ts";

/** One answer of a set to be compared. What is unknown is left out. */
export interface AnswerRecord {
  readonly cohort: Arm;
  /** null = no text: tool calls alone, or no answer at all. */
  readonly output: string | null;
  /** True for tool calls without text: an answer, if none in words. */
  readonly callsTools?: boolean | undefined;
  /** A segment: answers are compared inside it. */
  readonly task?: string | undefined;
  /** The same id in both cohorts makes a pair; several of a cohort are repeats of the prompt. */
  readonly prompt_id?: string | undefined;
  /** Answers of one conversation resemble one another, and count for less. */
  readonly conversation_id?: string | undefined;
  readonly latency_ms?: number | undefined;
  readonly input_tokens?: number | undefined;
  readonly output_tokens?: number | undefined;
  readonly finish_reason?: string | undefined;
  readonly scores?: Readonly<Record<string, number>> | undefined;
}
