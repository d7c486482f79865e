import type { Channel } from "../../alerts/channels/channel.ts";

/** A channel with a receiver, ready for the situations of the table. What cannot be arranged is left out, and shown as `–`. */
export interface StartedRow {
  readonly channel: Channel;
  /** Everything people see there now, as one text. */
  readonly seen: () => Promise<string>;
  /** What the receiver thinks of the incident; left out where it keeps no state. */
  readonly state?: () => Promise<"open" | "acknowledged" | "resolved" | "none">;
  /** Makes the receiver say that it is told too much, and to come back after `waitMs` (null: it names no time). */
  readonly limit?: { readonly waitMs: number | null; readonly begin: () => void };
  readonly hang?: () => void;
  /** True where a notice is carried as it is, and nothing is cut. */
  readonly carriesAll?: boolean;
  /** Makes the receiver well again. */
  readonly heal: () => void;
  /** Why a strict receiver refused what it got. */
  readonly refused: () => readonly string[];
  /** What else is tried with this receiver, by what holds when it passes. */
  readonly more?: Readonly<Record<string, () => Promise<void>>>;
  readonly close: () => Promise<void>;
}

/** A line of the table. */
export interface ChannelRow {
  readonly channel: string;
  /** What it is tried against: `double`, or the name and version of the real thing. */
  readonly against: string;
  /** Rejects with the reason where the receiver cannot be had; the row is then skipped by that name. */
  readonly start: () => Promise<StartedRow>;
}
