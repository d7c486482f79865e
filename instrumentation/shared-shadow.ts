import type { ShadowFunctions } from "./shadow-functions.ts";
import { type SharedObject, sharedObject } from "./shared-object.ts";

/** What the preload offers for functions of the app that are part of a shadow. */
export interface SharedShadow {
  /** Takes them over; returns what takes them back. Never throws. */
  readonly register: (migration: string, functions: ShadowFunctions) => () => void;
}

const SHADOW: SharedObject<SharedShadow> = sharedObject("shadow", 1);

/** Offers it to every copy of this code in the process. */
export const shareShadow = (shadow: SharedShadow): void => SHADOW.share(shadow);

/** The preload's; null while it is not loaded, or of another version. */
export const sharedShadow = (): SharedShadow | null => SHADOW.find();
