/** How the agent's heartbeat fares. */
export interface HeartbeatView {
  /** When the last one was taken, epoch ms; null = none since the start. */
  readonly lastSuccess: number | null;
  /** Those that were not taken, since the start. */
  readonly failures: number;
  /** True while none is sent, because something is wrong. */
  readonly withheld: boolean;
}
