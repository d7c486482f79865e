import { DIALECTS } from "../dialects.ts";
import type { DialectSpan } from "./attributes.ts";

const FAILURES = DIALECTS.flatMap(({ failure }) => failure ?? []);

/** True when a dialect's own attribute says that the call has failed. Spans also tell by their status. */
export const saysFailed = ({ attributes }: DialectSpan): boolean =>
  FAILURES.some(({ key, value }) => attributes.get(key) === value);
