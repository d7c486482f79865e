import { LeewayError, messageOf } from "../../core/errors.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { keyHeaderOf } from "../../formats/ask-again/key-header.ts";
import { isHostAllowed, isKeyAllowed, readShadowAccess } from "../../formats/ask-again/shadow-access.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import { parseObject } from "../../formats/json/read-json.ts";
import type { ShadowCall } from "../../instrumentation/shadow-functions.ts";
import { type AskedModel, askedModel } from "../replay/asker.ts";
import type { CorpusQuestion } from "../replay/corpus-line.ts";
import { requestOf } from "../replay/request-of.ts";

/** What a person says of whom to ask; null = what the document says, or the provider of the model's name. */
export interface BesideChoice {
  readonly provider: string | null;
  readonly baseUrl: string | null;
  readonly keyVariable: string | null;
  /** Longest answer in tokens, where a call has none of its own. */
  readonly maxTokens: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const notAllowed = (what: string, option: string, variable: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `${what} is what the agent says, and nothing here allows it: give ${option}, or name it in ${variable}`,
  );

/**
 * The candidate of a plan. What the agent says of address and key holds as far as this environment allows it, as in an app: whoever
 * speaks for the agent must not be able to ask for secrets or prompts. Throws LeewayError `config-invalid`.
 */
export const candidateOf = (plan: ShadowPlan, choice: BesideChoice, environment: Environment): AskedModel => {
  const access = readShadowAccess(environment) ?? { hosts: new Set<string>(), keys: new Set<string>() };
  const asked = askedModel(
    {
      ...{ model: plan.candidateModel, provider: choice.provider },
      ...{ baseUrl: choice.baseUrl ?? plan.baseUrl, keyVariable: choice.keyVariable ?? plan.key },
    },
    environment,
  );
  const { provider, format, baseUrl } = asked.provider;
  const own = new URL(baseUrl ?? "https://unknown.invalid");
  if (choice.baseUrl === null && plan.baseUrl !== null && !isHostAllowed(new URL(plan.baseUrl), own, access))
    throw notAllowed(`that the candidate is at ${new URL(plan.baseUrl).host}`, "--base-url", "LEEWAY_SHADOW_HOSTS");
  if (
    choice.keyVariable === null &&
    plan.key !== null &&
    !isKeyAllowed(plan.key, keyHeaderOf(provider, format), access)
  )
    throw notAllowed(`that ${plan.key} is its key`, "--key-env", "LEEWAY_SHADOW_KEYS");
  return asked;
};

/** The baseline of a plan, at its own provider; or why it cannot be asked once more. */
export const baselineOf = (
  { baselineModel: model }: ShadowPlan,
  choice: Pick<BesideChoice, "provider" | "baseUrl" | "keyVariable">,
  environment: Environment,
): AskedModel | { readonly why: string } => {
  try {
    return askedModel({ model, ...choice }, environment);
  } catch (error) {
    if (error instanceof LeewayError) return { why: messageOf(error) };
    throw error;
  }
};

/** The body of a request for a question, or why it cannot be said to this model. */
export const besideRequest = (
  asked: AskedModel,
  question: CorpusQuestion,
  maxTokens: number | null,
): { readonly body: JsonObject } | { readonly notAskable: string } =>
  requestOf(asked, question, { maxTokens, seed: null }, 0);

/** Longest answer that is read, characters. */
const MAX_CHARS = 16 * 1024 * 1024;

/**
 * Asks a model by the hooked `fetch`, so that the call is a span of the shadow. Gives the body of its answer; rejects where there is
 * none, with an error whose name is the status.
 */
export const askBeside = async (
  { url, headers }: Pick<AskedModel, "url" | "headers">,
  body: JsonObject,
  { signal }: Pick<ShadowCall, "signal">,
): Promise<object> => {
  const response = await fetch(url, {
    ...{ method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) },
    ...{ signal, redirect: "error" as const },
  });
  const text = await response.text();
  if (!response.ok) throw Object.assign(new Error("refused"), { name: String(response.status) });
  const answer = text.length > MAX_CHARS ? null : parseObject(text);
  if (answer === null) throw Object.assign(new Error("no answer"), { name: "no-answer" });
  return answer;
};
