import { AsyncLocalStorage } from "node:async_hooks";
import type { Arm, Cohort } from "../core/cohort.ts";
import { sharedByAll } from "./shared-object.ts";

/** One flag evaluation, as far as it is recorded. */
export interface FlagEvaluation {
  readonly key: string;
  /** Empty when the flag system named none. */
  readonly variant: string;
  /** First 16 hex digits of the SHA-256 of the targeting key; empty without one. */
  readonly targetingKeyHash: string;
  /** The arm its conversation had until this evaluation; only where it was moved by it. */
  readonly handoff?: Arm | undefined;
}

/** Names the span of one call, before there is one. */
export interface CallIdentity {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** The span another instrumentation makes of the same call, around ours: of the two the collector keeps one. */
  readonly insideSpanId?: string;
}

/** A prompt template of the app. */
export interface Prompt {
  readonly name: string;
  readonly version: string;
}

/**
 * What is known about the calls made inside one stretch of the app's code. A scope is written to after it was opened
 * (a hook that the app awaits cannot change the caller's async context, but it can change an object in it); inner
 * scopes win over outer ones.
 */
export interface Scope {
  readonly parent: Scope | null;
  readonly cohort?: Cohort;
  readonly conversation?: string;
  readonly prompt?: Prompt;
  readonly segment?: readonly [name: string, value: string];
  /** Latest evaluation per flag made in this very scope. */
  readonly flags: Map<string, FlagEvaluation>;
  /** The latest call made in this scope or one inside it; null before the first. */
  lastCall: CallIdentity | null;
}

/** What a scope is opened with. */
export type KnownInScope = Omit<Scope, "parent" | "flags" | "lastCall">;

/**
 * The one storage of scopes in this process. The preload bundle and the `leeway` entry are separate copies of this
 * module, so they share it.
 */
export const scopeStorage: () => AsyncLocalStorage<Scope> = sharedByAll(
  "context",
  2,
  () => new AsyncLocalStorage<Scope>(),
);

/** A scope inside the current one, carrying `known`. */
export const innerScope = (known: KnownInScope): Scope => ({
  parent: scopeStorage().getStore() ?? null,
  flags: new Map(),
  lastCall: null,
  ...known,
});
