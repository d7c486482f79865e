/** The directory of the spool, as far as the spool needs one: the seam at which tests break the disk. */
export interface SpoolFiles {
  /** Names of the files in the directory. */
  readonly list: () => Promise<readonly string[]>;
  /** Creates a file to append to; resolves when its name is durable. Rejects when it exists. */
  readonly create: (name: string) => Promise<AppendFile>;
  readonly read: (name: string) => Promise<Buffer>;
  /** Writes a whole file at once: after a crash it is there completely or not at all. */
  readonly write: (name: string, content: Uint8Array) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

/** A file that only grows. */
export interface AppendFile {
  /** Appends at `position`, the size of what was appended before; resolves when the bytes are durable. */
  readonly append: (content: Uint8Array, position: number) => Promise<void>;
  /** Cuts off what a failed append left behind. */
  readonly truncate: (size: number) => Promise<void>;
  readonly close: () => Promise<void>;
}
