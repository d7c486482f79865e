import type { AskedFor } from "../../features/answer.ts";

/** Value of a span attribute, as far as requests have them. */
export type RequestAttribute = string | number | boolean | string[];

/** What a request says, without any content. */
export interface RequestFacts {
  /** `gen_ai.operation.name`: `chat`, `generate_content`, `text_completion`, `embeddings`. */
  readonly operation: string;
  /** Empty only where the request leaves the choice to something stored at the provider. */
  readonly model: string;
  readonly asked: AskedFor;
  /** Request parameters as span attributes. */
  readonly attributes: Readonly<Record<string, RequestAttribute>>;
  /** Parts of the input that are not text, counted by modality (`image`, `audio`, `video`, `file`); never copied. */
  readonly inputParts?: Readonly<Record<string, number>>;
}
