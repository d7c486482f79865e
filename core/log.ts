/**
 * Where the agent's own messages go. Messages are one line and carry no secrets and no model output; `fields` are
 * small scalars.
 */
export interface Log {
  readonly info: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
}

/** Says nothing: for work whose caller tells what became of it. */
export const SILENT_LOG: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
