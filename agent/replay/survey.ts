import { createReadLog, type ReadProblem } from "../compare/read-report.ts";
import type { PriceCall } from "../prices/prices.ts";
import type { AskedModel } from "./asker.ts";
import type { CorpusRead } from "./corpus.ts";
import { type AskedBeside, requestOf } from "./request-of.ts";

/** What a corpus holds for one model, before anything is asked. */
export interface Survey {
  /** Questions that can be asked. */
  readonly questions: number;
  /** Lines that cannot, by reason: what is wrong with them, or what this model cannot be given without a loss. */
  readonly notAskable: readonly ReadProblem[];
  /** Lines that repeat a question. */
  readonly repeated: number;
  /** Bytes of all requests, once each. */
  readonly bytes: number;
  /** The most that all can cost once, US dollars; null = the model has no price. */
  readonly highestUsd: number | null;
}

/** Longest answer that is reckoned with where no question says how long it may be, tokens. */
export const LONGEST_ANSWER = 8192;

/** The most that a request can cost, US dollars: a token a byte, and the longest answer. Null where the model has no price. */
export const highestCost = (
  { model, provider }: Pick<AskedModel, "model" | "provider">,
  { bytes, maxTokens }: { readonly bytes: number; readonly maxTokens: number | null },
  price: PriceCall,
): number | null =>
  price({
    ...{ provider: provider.provider, request_model: model, response_model: "" },
    ...{ input_tokens: bytes, output_tokens: maxTokens ?? LONGEST_ANSWER },
    ...{ cached_tokens: null, cache_write_tokens: null, reasoning_tokens: null },
  });

/** Goes through what is to be asked once. Rejects as `entries` does. */
export const surveyCorpus = async (
  entries: AsyncIterable<CorpusRead>,
  asked: AskedModel,
  beside: AskedBeside,
  price: PriceCall,
): Promise<Survey> => {
  const problems = createReadLog();
  let questions = 0;
  let repeated = 0;
  let bytes = 0;
  let highestUsd: number | null = 0;
  for await (const read of entries) {
    if ("repeats" in read) repeated += 1;
    else if ("problem" in read) problems.add(read.problem, read.place);
    else {
      const request = requestOf(asked, read.entry.asked, beside, 0);
      if ("notAskable" in request) {
        problems.add(request.notAskable, read.entry.place);
        continue;
      }
      const size = Buffer.byteLength(JSON.stringify(request.body));
      const highest = highestCost(asked, { bytes: size, maxTokens: request.maxTokens }, price);
      questions += 1;
      bytes += size;
      highestUsd = highestUsd === null || highest === null ? null : highestUsd + highest;
    }
  }
  return { questions, notAskable: problems.list(), repeated, bytes, highestUsd };
};
