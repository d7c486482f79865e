/** How it is known who gives a command. */
export type Identity =
  /** By a token of that person's own. */
  | "proven"
  /** It is what the sender says, where nobody can prove more: no person has a token. */
  | "claimed"
  /** It is what the sender says, although people have tokens here. */
  | "unproven"
  /** By a link of a notice: whoever has the link. */
  | "link";

/** Who gave a command, for people: what was only said is marked as that. */
export const signature = (by: string, identity: Identity | undefined): string =>
  identity === "claimed" || identity === "unproven" ? `${by} (unverified)` : by;
