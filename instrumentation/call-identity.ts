import type { ParentSpan } from "./app-tracing.ts";
import { createRandomHex } from "./random-hex.ts";
import { type CallIdentity, scopeStorage } from "./scope.ts";

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;

const randomHex = createRandomHex();

/** 16 hex digits; all zeros are no id. */
const newSpanId = (): string => {
  const id = randomHex(16);
  return id === "0000000000000000" ? newSpanId() : id;
};

/** An identity of its own, in the trace of `parent` where that is a valid one. */
export const newCallIdentity = (parent: ParentSpan | null): CallIdentity => {
  const spanId = newSpanId();
  const traceId = parent !== null && TRACE_ID.test(parent.traceId) ? parent.traceId : newSpanId() + randomHex(16);
  return parent?.isModelCall ? { traceId, spanId, insideSpanId: parent.spanId } : { traceId, spanId };
};

/** Makes a call the latest one of the current scope and of all around it. */
export const noteCall = (call: CallIdentity): void => {
  for (let scope = scopeStorage().getStore() ?? null; scope !== null; scope = scope.parent) scope.lastCall = call;
};

const latestIdentity = (): CallIdentity | null => {
  for (let scope = scopeStorage().getStore() ?? null; scope !== null; scope = scope.parent) {
    if (scope.lastCall !== null) return scope.lastCall;
  }
  return null;
};

/**
 * How others are told which call is meant, of the latest made in the innermost scope that has one; null without any.
 * Where two instrumentations made spans of it, this names the outer one: the collector finds either by it.
 */
export const latestCall = (): Pick<CallIdentity, "traceId" | "spanId"> | null => {
  const call = latestIdentity();
  return call === null ? null : { traceId: call.traceId, spanId: call.insideSpanId ?? call.spanId };
};
