import type { FlagReadFailure, FlagReport, RoutedFlag } from "../alerts/flags/flag-target.ts";
import { callTarget } from "../alerts/flip.ts";

/** Longer than the several calls that one look may take, and shorter than a person's patience. */
const ASK_MS = 12_000;

/** What the flag system says of the flag. Ends within 12 s (`ms`), never rejects. */
export const askFlag = (
  { inspect }: Pick<RoutedFlag, "inspect">,
  ms: number = ASK_MS,
): Promise<FlagReport | FlagReadFailure> => callTarget(inspect, ms);
