import type { Explanation } from "../../agent/status/explanation.ts";
import { LeewayError } from "../../core/errors.ts";
import type { ApiClient } from "../api-client.ts";
import { renderExplanation } from "../render/explain.ts";

/** `leeway explain`: the evidence behind the verdicts of a migration, or behind one rule's. */
export const explain = async (
  client: ApiClient,
  options: { readonly migration: string; readonly rule: string | null; readonly json: boolean },
  print: (text: string) => void,
): Promise<0> => {
  const explanation = await client.get<Explanation>(`/api/v1/migrations/${encodeURIComponent(options.migration)}`);
  const { rule } = options;
  if (rule !== null && !explanation.rules.some(({ id }) => id === rule)) {
    const known = explanation.rules.map(({ id }) => id).join(", ");
    throw new LeewayError("config-invalid", `no rule ${rule} in ${options.migration}; expected one of: ${known}`);
  }
  print(options.json ? `${JSON.stringify(explanation)}\n` : `${renderExplanation(explanation, rule)}\n`);
  return 0;
};
