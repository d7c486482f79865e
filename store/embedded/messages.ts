import type { Passwords } from "./users.ts";

/** What the agent tells the engine's process to do; sent once. */
export interface StartMessage {
  readonly type: "start";
  /** Directory of the engine's files. */
  readonly dir: string;
  /** Databases the reader may look at; the first is the one it is in when it names none. */
  readonly readable: readonly [string, ...string[]];
  /** Port on 127.0.0.1; 0 = any free one. */
  readonly port: number;
  /** Names beside the loopback's under which the interface may be addressed. */
  readonly hosts: readonly string[];
  /** Sent over the private channel, so that they are in no argument list and no environment. */
  readonly passwords: Passwords;
}

/** Asks the engine's process to finish its queries and end. */
export interface StopMessage {
  readonly type: "stop";
}

/** How starting ended. */
export type ChildMessage =
  | { readonly type: "ready"; readonly port: number; readonly version: string }
  | {
      readonly type: "failed";
      /** `open`: the directory could not be opened; the engine says why on stderr. */
      readonly why: "engine-missing" | "open" | "port-in-use" | "listen";
      readonly detail: string;
    };
