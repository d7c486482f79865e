/** What lies in the directory of the spool. A name is a character for each of its bytes, whatever they stand for. */
export interface SpoolListing {
  /** Names of its files. */
  readonly files: readonly string[];
  /** Names of everything else: directories, sockets, links. They are not the spool's. */
  readonly others: readonly string[];
}

/** The directory of the spool, as far as the spool needs one: the seam at which tests break the disk. */
export interface SpoolFiles {
  readonly list: () => Promise<SpoolListing>;
  /** Creates a file to append to; resolves when its name is durable. Rejects when it exists. */
  readonly create: (name: string) => Promise<AppendFile>;
  readonly read: (name: string) => Promise<Buffer>;
  /** The first bytes of a file, at most so many. */
  readonly readStart: (name: string, bytes: number) => Promise<Buffer>;
  /** Writes a whole file at once: after a crash it is there completely or not at all. */
  readonly write: (name: string, content: Uint8Array) => Promise<void>;
  /** Cuts a file off at this size. */
  readonly truncate: (name: string, size: number) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

/** A file that only grows. */
export interface AppendFile {
  /**
   * Appends at `position`, the size of what was appended before; resolves when the bytes are durable. Rejects with the
   * code ENOENT when the file was removed meanwhile: what it holds ends with this process.
   */
  readonly append: (content: Uint8Array, position: number) => Promise<void>;
  /** Cuts off what a failed append left behind. */
  readonly truncate: (size: number) => Promise<void>;
  /** All it holds, also when its name is gone. */
  readonly read: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
}
