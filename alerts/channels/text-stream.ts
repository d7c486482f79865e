/**
 * What the `stdout` channel needs of a stream; `process.stdout` is one. An error with the code EAGAIN says that nothing was
 * taken because the reader does not read.
 */
export interface TextStream {
  readonly write: (text: string, done: (error?: Error | null) => void) => unknown;
}
