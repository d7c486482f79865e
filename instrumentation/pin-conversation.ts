import { createHash } from "node:crypto";
import { withinOr } from "../async/within-or.ts";
import type { Arm } from "../core/cohort.ts";
import { memoryPins, type Pin, type PinStore } from "./pin-store.ts";
import { printLine } from "./print-line.ts";
import { amendFlag } from "./record-flag.ts";
import { tellOwnError } from "./shield.ts";

/** What an evaluation gave: the details of OpenFeature's `getStringDetails` and its like are this. */
export interface EvaluatedFlag<T> {
  readonly flagKey: string;
  readonly value: T;
  readonly variant?: string;
  /** Set where the flag could not be evaluated, and `value` is the app's default. */
  readonly errorCode?: string;
  readonly flagMetadata?: Readonly<Record<string, unknown>>;
}

/** What to use for this turn. */
export interface PinnedTurn<T> {
  readonly value: T;
  /** Name of the variant that `value` is of; empty where the flag system named none. */
  readonly variant: string;
  /** `new`: its first turn. `kept`: as before. `moved`: another arm or model than before. `unpinned`: nothing was kept. */
  readonly turn: "new" | "kept" | "moved" | "unpinned";
  /** The arm it had until this turn; only where `moved`. */
  readonly handoff?: Arm;
}

/** Settings of `pinConversation`. */
export interface PinSettings<T> {
  /** Default: this process's own memory, of at most 100,000 conversations. */
  readonly store?: PinStore;
  /** How long after its latest turn a conversation is remembered, ms; default a day. */
  readonly keepMs?: number;
  /** How long a store is waited for, ms; default 250. */
  readonly patienceMs?: number;
  /** Whether an evaluation gave the candidate. Default: its variant is called `canary`. */
  readonly isCanary?: (evaluated: EvaluatedFlag<T>) => boolean;
}

const DAY_MS = 86_400_000;
const MISSING = Symbol("missing");

const memory = memoryPins();

let isStoreFailureTold = false;

/** Said for the first failure of the process alone. */
const tellStoreFailure = (): void => {
  if (isStoreFailureTold) return;
  isStoreFailureTold = true;
  printLine(
    "leeway: the store of pinned conversations failed or was late; this process's own memory counts until it answers",
  );
};

const keyOf = (flag: unknown, conversation: string): string => {
  const name = String(flag);
  return createHash("sha256").update(`${name.length}:${name}:${conversation}`).digest("hex").slice(0, 32);
};

const isPin = (pin: unknown): pin is Pin =>
  typeof pin === "object" && pin !== null && ["baseline", "canary"].includes((pin as Partial<Pin>).arm ?? "");

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** What the store knows; what this process does, where the store fails or is late. */
const readPin = async (key: string, store: PinStore, patienceMs: number): Promise<Pin | null> => {
  let found: unknown = MISSING;
  try {
    found = await withinOr(patienceMs, Promise.resolve(store.get(key)), MISSING);
  } catch {
    // What it says may hold what is the app's.
  }
  if (found === MISSING) {
    tellStoreFailure();
    found = memory.get(key);
  }
  return isPin(found) ? found : null;
};

const writePin = async (key: string, pin: Pin, store: PinStore, keepMs: number, patienceMs: number): Promise<void> => {
  memory.set(key, pin, keepMs);
  if (store === memory) return;
  try {
    const ended = await withinOr(patienceMs, Promise.resolve(store.set(key, pin, keepMs)), MISSING);
    if (ended === MISSING) tellStoreFailure();
  } catch {
    tellStoreFailure();
  }
};

const variantOf = ({ variant, errorCode }: EvaluatedFlag<unknown>): string =>
  errorCode === undefined && typeof variant === "string" ? variant : "";

/** What the flag says, beside what the conversation had. From the baseline to the candidate nobody is moved. */
const decide = <T>(
  evaluated: EvaluatedFlag<T>,
  arm: Arm,
  before: Pin | null,
): PinnedTurn<T> & { readonly arm: Arm } => {
  const said = { value: evaluated.value, variant: variantOf(evaluated), arm };
  const flagSays =
    evaluated.flagMetadata?.handoff === "canary" ? ({ turn: "moved", handoff: "canary" } as const) : null;
  if (before === null) return { ...said, ...(flagSays ?? { turn: "new" }) };
  if (before.arm === "baseline" && arm === "canary")
    return { value: before.value as T, variant: before.variant, arm: "baseline", turn: "kept" };
  if (isSame(before.value, evaluated.value)) return { ...said, turn: "kept" };
  return { ...said, turn: "moved", handoff: before.arm };
};

const pin = async <T>(
  conversation: string,
  evaluated: EvaluatedFlag<T>,
  settings: PinSettings<T>,
): Promise<PinnedTurn<T>> => {
  const {
    store = memory,
    keepMs = DAY_MS,
    patienceMs = 250,
    isCanary = ({ variant }) => variant === "canary",
  } = settings;
  const key = keyOf(evaluated.flagKey, conversation);
  const arm = evaluated.errorCode === undefined && isCanary(evaluated) ? "canary" : "baseline";
  const { arm: used, ...turn } = decide(evaluated, arm, await readPin(key, store, patienceMs));
  await writePin(key, { arm: used, variant: turn.variant, value: turn.value }, store, keepMs, patienceMs);
  amendFlag({ key: evaluated.flagKey, variant: turn.variant, handoff: turn.handoff });
  return turn;
};

/**
 * Evaluates the routing flag for one turn of a conversation, and gives what the conversation is to use: what it had, while the
 * share rises; what the flag says, where that is the baseline (a rollback, a lower share, or a flag that cannot be evaluated), for
 * good. The calls made after it in the same scope carry the variant that is used, and `leeway.handoff` where the conversation
 * was moved. Works without the preload.
 *
 * `evaluate` is asked at every turn, once; what it throws is thrown. Nothing else is: where the store fails or is late, this
 * process's memory counts, and where that knows nothing, the flag. Without a conversation, or for the variant `shadow`, nothing is kept.
 */
export const pinConversation = async <T>(
  conversation: string,
  evaluate: () => EvaluatedFlag<T> | Promise<EvaluatedFlag<T>>,
  settings: PinSettings<T> = {},
): Promise<PinnedTurn<T>> => {
  const evaluated = await evaluate();
  const unpinned = { value: evaluated.value, variant: variantOf(evaluated), turn: "unpinned" as const };
  if (typeof conversation !== "string" || conversation === "" || evaluated.variant === "shadow") return unpinned;
  try {
    return await pin(conversation, evaluated, settings);
  } catch (error) {
    tellOwnError(error);
    return unpinned;
  }
};
