/** What the agent does that is worth a span. */
export type WorkName = "round" | "fold" | "flip" | "delivery";

/** One piece of work that begins. */
export interface Work {
  readonly name: WorkName;
  /** What it is counted by; few values each. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is said of it beside. */
  readonly facts?: Facts;
}

/** Anything said of one piece of work alone. */
export type Facts = Readonly<Record<string, string | number>>;

/** How a piece of work ended. */
export interface Ending {
  /** One word of a few, which it is counted by. */
  readonly outcome: string;
  /** What went wrong, one line; "" = nothing. */
  readonly problem: string;
  readonly facts?: Facts;
}

/** What the agent says of its own work. It changes nothing of the work, and none of it waits for anybody. */
export interface Telemetry {
  /** Does `run`, and says how it went; what it returns or throws is passed on. Work within it is told as its part. */
  readonly within: <T>(work: Work, run: () => Promise<T>, endingOf: (result: T) => Ending) => Promise<T>;
  /** So many spans of calls were stored. */
  readonly stored: (spans: number) => void;
}

/** Says nothing. */
export const NO_TELEMETRY: Telemetry = { within: (_work, run) => run(), stored: () => undefined };
