import { createHash } from "node:crypto";
import { join } from "node:path";
import { LeewayError } from "../../core/errors.ts";
import { type AskedModel, askedModel } from "../replay/asker.ts";
import type { Side } from "./asked-case.ts";
import type { Suite, WrittenModel } from "./suite.ts";

/** What the command line says of the models; each list has an entry for both, one for each, or none. */
export interface ModelOptions {
  readonly model: readonly string[];
  readonly provider: readonly string[];
  readonly baseUrl: readonly string[];
  readonly keyEnv: readonly string[];
}

const invalid = (message: string): LeewayError => new LeewayError("config-invalid", message);

const given = (option: string, values: readonly string[], at: 0 | 1): string | null => {
  if (values.length > 2)
    throw invalid(`--${option}: given ${values.length} times; expected once for both models, or once for each`);
  return values[values.length === 1 ? 0 : at] ?? null;
};

/** Both models: what the command line says goes before what the suite's file does. Throws LeewayError `config-invalid`. */
export const suiteModels = (
  { models }: Pick<Suite, "models">,
  options: ModelOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Side, AskedModel>> => {
  const { model, provider, baseUrl, keyEnv } = options;
  if (model.length !== 0 && model.length !== 2)
    throw invalid("--model: expected twice, the baseline first, or not at all where the suite has models");
  const of = (at: 0 | 1, written: WrittenModel | undefined): AskedModel => {
    const own = model.length === 2 ? undefined : written;
    const name = model[at] ?? own?.model;
    if (name === undefined) throw invalid("--model: missing; expected --model twice, or models in the suite");
    const choice = {
      provider: given("provider", provider, at) ?? own?.provider ?? null,
      baseUrl: given("base-url", baseUrl, at) ?? own?.baseUrl ?? null,
      keyVariable: given("key-env", keyEnv, at) ?? own?.keyEnv ?? null,
    };
    return askedModel({ model: name, ...choice }, environment);
  };
  return { baseline: of(0, models?.baseline), candidate: of(1, models?.candidate) };
};

/** The file of a model's answers in a folder; by its name and address, so that no other model's are taken for its own. */
export const answersPath = (folder: string, { model, name, url }: AskedModel): string => {
  const address = createHash("sha256").update(`${name}\n${url}\n${model}`).digest("hex").slice(0, 10);
  return join(folder, `${model.replaceAll(/[^\w.-]+/g, "-").slice(0, 60)}-${address}.jsonl`);
};
