import { membersOf } from "./exhaustive.ts";

/** What a token lets its bearer do. Each holds those before it: who may approve may operate and read. */
export type Scope = "read" | "operate" | "approve" | "admin";

const WEIGHTS: Readonly<Record<Scope, number>> = { read: 0, operate: 1, approve: 2, admin: 3 };

/** Every scope, the smallest first. */
export const SCOPES: readonly Scope[] = membersOf(WEIGHTS);

/** True for the name of a scope. */
export const isScope = (value: unknown): value is Scope => SCOPES.some((scope) => scope === value);

/** True when who has `scope` may do what needs `needed`. */
export const covers = (scope: Scope, needed: Scope): boolean => WEIGHTS[scope] >= WEIGHTS[needed];
