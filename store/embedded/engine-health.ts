/** How the embedded engine fares. */
export interface EngineHealth {
  /** Times it was started again since the agent was. */
  readonly restarts: number;
  /** True where the system keeps it from writing outside its folder. */
  readonly isConfined: boolean;
  /** Null while it runs. */
  readonly down: {
    /** Why it does not run: how it ended, or what its last start failed of. */
    readonly why: string;
    /** Starts tried in vain since it ended. */
    readonly tries: number;
  } | null;
}

/** One sentence for people; empty while the engine runs. It changes with what is wrong, not with each try. */
export const engineProblem = ({ down }: Pick<EngineHealth, "down">): string =>
  down === null ? "" : `the embedded engine is down: ${down.why}`;
