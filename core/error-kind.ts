import { membersOf } from "./exhaustive.ts";

/**
 * What kind of failure ended a call, whatever its provider's words. `rate-limit`: too many requests or tokens; `quota`: no
 * credit or budget left; `overload`: the provider has no capacity; `timeout`; `server`: the provider failed; `network`;
 * `incomplete`: the answer was cut; `aborted`: the app gave up; `request`: the request is wrong; `model-not-found`: so is its
 * model; `auth`: key or permission; `content-policy`: prompt or answer was filtered; `other`: none of them, as far as is known.
 */
export type ErrorKind =
  | "rate-limit"
  | "quota"
  | "overload"
  | "timeout"
  | "server"
  | "network"
  | "incomplete"
  | "aborted"
  | "request"
  | "model-not-found"
  | "auth"
  | "content-policy"
  | "other";

/** Every kind. */
export const ERROR_KINDS: readonly ErrorKind[] = membersOf<ErrorKind>({
  ...{ "rate-limit": true, quota: true, overload: true, timeout: true, server: true, network: true },
  ...{ incomplete: true, aborted: true, request: true, "model-not-found": true, auth: true },
  ...{ "content-policy": true, other: true },
});

/** True when `value` names a kind. */
export const isErrorKind = (value: unknown): value is ErrorKind => ERROR_KINDS.some((kind) => kind === value);

/**
 * What is wrong with a request. `thinking-conflict`: a parameter that thinking does not allow (tool_choice, temperature);
 * `context-length`: it is too long for the model; `schema`: a schema of tools or answer; the others say it themselves.
 */
export type RequestFault =
  | "missing-parameter"
  | "unknown-parameter"
  | "unsupported-parameter"
  | "unsupported-value"
  | "thinking-conflict"
  | "context-length"
  | "schema";

/** Every fault. */
export const REQUEST_FAULTS: readonly RequestFault[] = membersOf<RequestFault>({
  ...{ "missing-parameter": true, "unknown-parameter": true, "unsupported-parameter": true },
  ...{ "unsupported-value": true, "thinking-conflict": true, "context-length": true, schema: true },
});

/** True when `value` names a fault. */
export const isRequestFault = (value: unknown): value is RequestFault =>
  REQUEST_FAULTS.some((fault) => fault === value);
