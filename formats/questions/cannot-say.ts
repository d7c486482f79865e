/** Thrown inside this folder alone: what a question holds and a provider's words have no place for. */
export class CannotSay extends Error {}

/** Never returns: `what` is what cannot be said. */
export const cannotSay = (what: string): never => {
  throw new CannotSay(what);
};
