import type { Finding } from "../../core/finding.ts";
import type { Found, Scope } from "./findings-of.ts";

/** A finding, and since when it stands: end of the first tick at which it did, epoch ms. */
export interface Standing extends Found {
  readonly since: number;
}

/** What one look at the counts found. */
export interface ShapeLook {
  /** The segments that were looked into. */
  readonly scopes: readonly Scope[];
  readonly standing: readonly Standing[];
  /** What to know when reading the findings, one line each. */
  readonly notes: readonly string[];
}

/** Before the first look. */
export const NO_LOOK: ShapeLook = { scopes: [], standing: [], notes: [] };

/** The finding people are told, its interval worked out. */
export const asFinding = (standing: Standing): Finding => ({ ...standing, interval: standing.interval() });
