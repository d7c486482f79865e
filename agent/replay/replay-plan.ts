import type { Arm } from "../../core/cohort.ts";
import type { PriceCall } from "../prices/prices.ts";
import type { AnswersFile } from "./answers-file.ts";
import type { AskedModel } from "./asker.ts";
import type { CorpusRead } from "./corpus.ts";
import type { Pace, PaceClock } from "./pace.ts";
import type { AskedBeside } from "./request-of.ts";
import type { Spend } from "./spend.ts";

/** What is asked, and how. */
export interface ReplayPlan {
  /** The questions, each time it is called from the first on; what cannot be asked among them is passed over. */
  readonly entries: () => AsyncIterable<CorpusRead>;
  readonly asked: AskedModel;
  readonly cohort: Arm;
  /** Answers wanted of each question. */
  readonly repeat: number;
  readonly beside: AskedBeside;
  readonly concurrency: number;
  /** Longest wait for an answer, ms. */
  readonly timeoutMs: number;
  /** Further tries of a question that failed for what may pass. */
  readonly retries: number;
  /** The run ends when nothing was answered for so long, ms. */
  readonly patienceMs: number;
}

/** What a run works with. */
export interface ReplayParts {
  readonly file: AnswersFile;
  readonly pace: Pace;
  readonly spend: Spend;
  readonly price: PriceCall;
  readonly clock: PaceClock;
  /** Epoch ms. */
  readonly now: () => number;
  /** Aborted when no further question is to be asked. */
  readonly ending: AbortSignal;
  /** Aborted when nothing is waited for any more. */
  readonly breaking: AbortSignal;
  /** Told after each answer: questions that are dealt with, of this run and of earlier ones. */
  readonly progress: (dealtWith: number) => void;
}
