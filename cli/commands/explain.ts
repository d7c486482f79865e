import { LeewayError } from "../../core/errors.ts";
import { printableValues } from "../../core/printable-values.ts";
import type { Judgement } from "../../core/verdict.ts";
import type { CostView } from "../../status/cost-view.ts";
import type { Explanation } from "../../status/explanation.ts";
import type { ApiClient } from "../api-client.ts";
import { renderCost } from "../render/cost.ts";
import { renderExplanation } from "../render/explain.ts";

/** Only what concerns `rule`. */
const onlyRule = (explanation: Explanation, rule: string): Explanation => {
  const only = (judgement: Judgement | null): Judgement | null =>
    judgement && { ...judgement, verdicts: judgement.verdicts.filter((verdict) => verdict.rule === rule) };
  return {
    ...explanation,
    rules: explanation.rules.filter(({ id }) => id === rule),
    judgement: only(explanation.judgement),
    decidedOn: only(explanation.decidedOn),
  };
};

/** The difference of cost where a rule about it is shown; null where there is none, or an older agent answers. */
const costOf = async (client: ApiClient, shown: Explanation): Promise<CostView | null> => {
  const ids = new Set(shown.rules.map(({ id }) => id));
  if (!shown.migration.rules.some(({ id, signal }) => ids.has(id) && signal === "cost_usd")) return null;
  return client
    .get<CostView>(`/api/v1/migrations/${encodeURIComponent(shown.migration.name)}/cost`)
    .catch((error: unknown) => {
      if (error instanceof LeewayError && error.code === "migration-unknown") return null;
      throw error;
    });
};

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
  const shown = rule === null ? explanation : onlyRule(explanation, rule);
  const cost = await costOf(client, shown);
  const text = (): string =>
    [renderExplanation(printableValues(shown)), ...(cost === null ? [] : renderCost(printableValues(cost)))].join("\n");
  print(`${options.json ? JSON.stringify(cost === null ? shown : { ...shown, cost }) : text()}\n`);
  return 0;
};
