import { LeewayError } from "../../core/errors.ts";
import { printableValues } from "../../core/printable-values.ts";
import type { Judgement } from "../../core/verdict.ts";
import type { CostView } from "../../status/cost-view.ts";
import type { Explanation } from "../../status/explanation.ts";
import type { HandoffsView } from "../../status/handoffs-view.ts";
import type { ApiClient } from "../api-client.ts";
import { renderCost } from "../render/cost.ts";
import { renderExplanation } from "../render/explain.ts";
import { renderHandoffs } from "../render/handoffs.ts";

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

/** What a change of the arm does to conversations; null where an older agent answers. */
const handoffsOf = (client: ApiClient, name: string): Promise<HandoffsView | null> =>
  client.get<HandoffsView>(`/api/v1/migrations/${encodeURIComponent(name)}/handoffs`).catch((error: unknown) => {
    if (error instanceof LeewayError && error.code === "migration-unknown") return null;
    throw error;
  });

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
  const handoffs = rule === null ? await handoffsOf(client, options.migration) : null;
  const text = (): string =>
    [
      renderExplanation(printableValues(shown)),
      ...(cost === null ? [] : renderCost(printableValues(cost))),
      ...(handoffs === null ? [] : renderHandoffs(printableValues(handoffs))),
    ].join("\n");
  const more = { ...(cost === null ? {} : { cost }), ...(handoffs === null ? {} : { handoffs }) };
  print(`${options.json ? JSON.stringify({ ...shown, ...more }) : text()}\n`);
  return 0;
};
