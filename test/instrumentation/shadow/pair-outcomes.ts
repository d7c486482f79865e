import type { OtlpReceiver } from "../otlp-receiver.ts";

/** The events that tell of pairs, and of calls that made none. */
export const pairsIn = ({ logs }: Pick<OtlpReceiver, "logs">): OtlpReceiver["logs"] =>
  logs.filter(({ eventName }) => eventName === "leeway.pair");

/** Calls by what became of them: `candidate paired`, `rerun sampled-out`. */
export const outcomesIn = (receiver: Pick<OtlpReceiver, "logs">): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { attributes } of pairsIn(receiver)) {
    const name = `${attributes["leeway.pair.kind"]} ${attributes["leeway.pair.outcome"]}`;
    counts[name] = (counts[name] ?? 0) + Number(attributes["leeway.pair.calls"] ?? 1);
  }
  return counts;
};
