import type { AsyncLocalStorage } from "node:async_hooks";
import { type Cohort, isCohort } from "../core/cohort.ts";
import { innerScope, type KnownInScope, type Prompt, type Scope, scopeStorage } from "./scope.ts";
import { tellOwnError } from "./shield.ts";

/** Longest text kept of a conversation id, a prompt name or version, and a segment value. */
const MAX_LENGTH = 256;

const text = (value: unknown): string => String(value).slice(0, MAX_LENGTH);

/** `fn` runs once, whatever becomes of our part; what it throws is the app's. */
const run = <T>(known: () => KnownInScope, fn: () => T): T => {
  let entered: { readonly storage: AsyncLocalStorage<Scope>; readonly scope: Scope } | null = null;
  try {
    entered = { storage: scopeStorage(), scope: innerScope(known()) };
  } catch (error) {
    tellOwnError(error);
  }
  return entered === null ? fn() : entered.storage.run(entered.scope, fn);
};

/**
 * Runs `fn`; the calls made inside it, also after an await, belong to `cohort`. This wins over a flag's variant.
 * Returns what `fn` returns. Like every function here it does nothing else when the preload is not loaded, and never
 * throws by itself: a value that is no cohort is ignored.
 */
export const withCohort = <T>(cohort: Cohort, fn: () => T): T => run(() => (isCohort(cohort) ? { cohort } : {}), fn);

/**
 * Runs `fn`; the calls made inside it belong to the segment `name` = `value`, beside those of outer scopes. `name` is
 * made of letters, digits, `_`, `.` and `-`, at most 64 (others are ignored). Values are labels, never user content.
 */
export const withSegment = <T>(name: string, value: string, fn: () => T): T =>
  run(() => (/^[\w.-]{1,64}$/.test(name) ? { segment: [name, text(value)] } : {}), fn);

/** Runs `fn`; the calls made inside it belong to the conversation `id` (requests of one conversation are correlated). */
export const withConversation = <T>(id: string, fn: () => T): T => run(() => ({ conversation: text(id) }), fn);

/** Runs `fn`; the calls made inside it use this version of the prompt template `prompt.name`. */
export const withPrompt = <T>(prompt: Prompt, fn: () => T): T =>
  run(() => ({ prompt: { name: text(prompt?.name), version: text(prompt?.version) } }), fn);
