import { LEEWAY, OTEL } from "../../core/attributes.ts";
import { PAIR, PAIR_EVENT } from "../../core/pair-attributes.ts";
import type { PairKind, PairOutcome } from "../../core/pair-row.ts";
import type { AnswerDifference } from "../../features/pairs/compared-answer.ts";
import type { CallContext } from "../call-context.ts";
import type { EventRecord } from "../shared-events.ts";
import { shortHash } from "../short-hash.ts";
import type { Unpaired } from "./unpaired-counts.ts";

/** What became of one served call that was to be asked once more. */
export interface ToldPair {
  readonly id: string;
  readonly migration: string;
  readonly kind: PairKind;
  readonly outcome: PairOutcome;
  readonly served: CallContext;
  readonly servedModel: string;
  readonly otherModel: string;
  /** Of the second call; null where none was made. */
  readonly other: CallContext | null;
  /** Empty without an error. */
  readonly errorType: string;
  /** Null where there are no two answers. */
  readonly difference: AnswerDifference | null;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The user of a call, else its conversation, as a hash; empty where neither is known. */
const clusterOf = ({ flag, conversation }: CallContext): string => {
  if (flag !== null && flag.targetingKeyHash !== "") return flag.targetingKeyHash;
  return conversation === null ? "" : shortHash(conversation);
};

const prefixed = <Value>(prefix: string, values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

const differences = (difference: AnswerDifference | null): EventRecord["attributes"] =>
  difference === null
    ? {}
    : {
        ...prefixed(PAIR.numberPrefix, difference.numbers as Readonly<Record<string, number>>),
        [PAIR.changed]: difference.changed,
        [PAIR.servedValues]: difference.servedValues,
        [PAIR.otherValues]: difference.otherValues,
      };

/** The event that tells of a pair, or of a served call that made none. */
export const pairEvent = (pair: ToldPair): EventRecord => {
  const { served, other } = pair;
  const cluster = clusterOf(served);
  return {
    name: PAIR_EVENT,
    span: served.identity ?? null,
    attributes: {
      ...{ [LEEWAY.pairId]: pair.id, [LEEWAY.migration]: pair.migration },
      ...{ [PAIR.kind]: pair.kind, [PAIR.outcome]: pair.outcome },
      ...(other?.identity === undefined
        ? {}
        : { [PAIR.otherTraceId]: other.identity.traceId, [PAIR.otherSpanId]: other.identity.spanId }),
      ...(cluster === "" ? {} : { [PAIR.cluster]: cluster }),
      ...{ [PAIR.servedModel]: pair.servedModel, [PAIR.otherModel]: pair.otherModel },
      ...(pair.errorType === "" ? {} : { [OTEL.errorType]: pair.errorType }),
      ...prefixed(LEEWAY.segmentPrefix, served.segments),
      ...prefixed(PAIR.labelPrefix, pair.labels ?? {}),
      ...differences(pair.difference),
    },
  };
};

/** The event that counts served calls which made no pair. */
export const unpairedEvent = (
  id: string,
  { migration, kind, outcome, segments }: Unpaired,
  calls: number,
): EventRecord => ({
  name: PAIR_EVENT,
  span: null,
  attributes: {
    ...{ [LEEWAY.pairId]: id, [LEEWAY.migration]: migration, [PAIR.kind]: kind },
    ...{ [PAIR.outcome]: outcome, [PAIR.calls]: calls },
    ...prefixed(LEEWAY.segmentPrefix, segments),
  },
});
