/** Two answers to one request, of which nobody is told which is whose. */
export interface BlindPair {
  readonly pair: string;
  /** System instructions and messages, each under its role. */
  readonly asked: string;
  readonly a: string;
  readonly b: string;
  /** The app shortened some of it. */
  readonly isShortened: boolean;
}

/** Pairs that have been read. */
export interface LabelsDone {
  readonly yours: number;
  readonly all: number;
}

/** The next pair for a person to read. */
export interface LabelQuestion {
  readonly schema: "leeway.label/1";
  /** Null = there is none now; `reason` says why. */
  readonly question: BlindPair | null;
  readonly done: LabelsDone;
  readonly reason: string;
}
