import { OTEL } from "../core/attributes.ts";
import type { FlagEvaluations } from "../core/collector-stats.ts";
import { FLAG_EVENT } from "../core/outcome-attributes.ts";
import { textOf } from "../formats/dialects/read/values.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";

/** True for an event that tells of an evaluation. */
export const isFlagEvaluation = ({ eventName }: Pick<ReceivedLog, "eventName">): boolean => eventName === FLAG_EVENT;

/** Counts evaluations of flags by service, flag and variant. */
export interface FlagRegister {
  /** Takes an event in. False when it is no evaluation of a flag. */
  readonly take: (event: Pick<ReceivedLog, "eventName" | "attributes" | "resource">) => boolean;
  readonly list: () => readonly FlagEvaluations[];
}

/** A register of at most `maxEntries` combinations; later ones are not counted. */
export const createFlagRegister = (maxEntries: number): FlagRegister => {
  const counts = new Map<string, FlagEvaluations>();
  return {
    take: ({ eventName, attributes, resource }) => {
      if (!isFlagEvaluation({ eventName })) return false;
      const [service, flag, variant] = [
        textOf(resource.get(OTEL.serviceName)),
        textOf(attributes.get(OTEL.flagKey)),
        textOf(attributes.get(OTEL.flagVariant)),
      ];
      const key = JSON.stringify([service, flag, variant]);
      const known = counts.get(key);
      if (known === undefined && counts.size >= maxEntries) return true;
      counts.set(key, { service, flag, variant, count: (known?.count ?? 0) + 1 });
      return true;
    },
    list: () => [...counts.values()],
  };
};
