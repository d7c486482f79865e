/** What a worker is started with. */
export interface EmbeddingWorkerData {
  /** Files of the packages that have the model's code and its weights. */
  readonly code: string;
  readonly weights: string;
  readonly pieceChars: number;
  readonly maxPieces: number;
}

/** What it tells: that it is ready, or, one for one, the vectors of the texts it was given; null where the model gave none. */
export type EmbeddingWorkerWord = "ready" | { readonly vectors: readonly (readonly number[])[] | null };

interface Port {
  readonly on: (event: "message", fn: (texts: readonly string[]) => void) => void;
  readonly postMessage: (word: EmbeddingWorkerWord) => void;
}

interface Model {
  readonly embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;
}

interface Loaded {
  readonly parentPort: Port;
  readonly workerData: EmbeddingWorkerData;
  readonly initModel: (source: unknown) => Promise<Model>;
  readonly modelSource: unknown;
  readonly setPriority: (priority: number) => void;
}

/**
 * Runs in the worker, from its text: it may use nothing but what is in it. A text is read in pieces, evenly spread over it, and its
 * vector is the mean of theirs.
 */
const main = async (load: (id: string) => Loaded): Promise<void> => {
  const { parentPort, workerData } = load("node:worker_threads");
  const { code, weights, pieceChars, maxPieces } = workerData;
  // What packages have to say is nobody's, and would be kept.
  process.stdout.write = () => true;
  process.stderr.write = () => true;
  // Of this thread alone on Linux, of the whole process elsewhere.
  if (process.platform === "linux") load("node:os").setPriority(19);
  const model = await load(code).initModel(load(weights).modelSource);
  const piecesOf = (text: string): string[] => {
    const pieces = Array.from({ length: Math.ceil(text.length / pieceChars) }, (_, i) =>
      text.slice(i * pieceChars, (i + 1) * pieceChars),
    ).filter((piece) => piece.trim() !== "");
    const step = Math.max(1, pieces.length / maxPieces);
    return pieces.filter((_, i) => Math.floor(i / step) > Math.floor((i - 1) / step) || i === 0);
  };
  const meanOf = (vectors: readonly (readonly number[])[]): number[] => {
    const lengths = vectors.map((vector) => Math.sqrt(vector.reduce((sum, each) => sum + each * each, 0)) || 1);
    return (vectors[0] ?? []).map((_, at) =>
      vectors.reduce((sum, vector, i) => sum + (vector[at] ?? 0) / (lengths[i] ?? 1), 0),
    );
  };
  const embed = async (text: string): Promise<number[]> => meanOf(await model.embed(piecesOf(text)));
  parentPort.on("message", (texts) => {
    Promise.all(texts.map(embed)).then(
      (vectors) => parentPort.postMessage({ vectors }),
      () => parentPort.postMessage({ vectors: null }),
    );
  });
  parentPort.postMessage("ready");
};

/** The worker's code. */
export const EMBEDDING_WORKER: string = `(${String(main)})(require).catch(() => process.exit(1));`;
