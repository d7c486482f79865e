import { createHash } from "node:crypto";
import type { Audience } from "../../core/audience.ts";
import { isOneOf } from "../quote.ts";
import { normalisedSql } from "./normalised-sql.ts";

/** SQL condition for the calls of an audience, of rows with a `segments` map. */
export const ofAudienceSql = ({ segment, values, normalise = [] }: Audience): string =>
  isOneOf(normalisedSql(segment, normalise), values);

/** What an audience is known by in stored ticks, 8 hex digits: the same people, whichever stage they are asked for by. */
export const audienceKey = ({ segment, values, normalise = [] }: Audience): string =>
  createHash("sha256")
    .update(JSON.stringify([segment, values, normalise]))
    .digest("hex")
    .slice(0, 8);

/** The segments of an audience's calls begin so in stored ticks; the name of a segment cannot. */
export const partPrefix = (audience: Audience): string => `@${audienceKey(audience)}:`;

const PART = /^@([0-9a-f]{8}):(.*)$/s;

/** The key of the audience that a stored segment is of, null = everybody's, and the segment itself. */
export const readPart = (segment: string): readonly [key: string | null, segment: string] => {
  const [, key, own] = PART.exec(segment) ?? [];
  return key === undefined || own === undefined ? [null, segment] : [key, own];
};
