/** Whether this process is the one that may use the spool's directory. */
export interface Ownership {
  /**
   * Asks the disk; false once another process has the directory. Rejects when the disk does not say. What was written
   * before the question is safe when the answer is yes: another process looks at the files only after it took the lock.
   */
  readonly holds: () => Promise<boolean>;
  /** What the last answer was, without asking. */
  readonly isLost: () => boolean;
}
