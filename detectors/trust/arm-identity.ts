import type { CallIdentity } from "../../core/call-identity.ts";
import type { Arm } from "../../core/cohort.ts";
import type { Migration, ModelConfiguration } from "../../core/migration.ts";
import { OTHER_ARM } from "./arms.ts";
import { areOtherModels, isIdentifier, matchName } from "./model-name.ts";

/** Whether a call comes from what the document names for its arm. */
export type Fit = "fits" | "other" | "unknown";

/** What one name says of an arm; `unsaid` where the document names a build and the call an alias of it. */
type NameFit = Fit | "neither" | "unsaid";

/** The name of what answered is the provider's: routes and vendors are in the one that was asked for only. */
const fitOfName = (own: string, others: string, seen: string, isAnswer: boolean): NameFit => {
  if (seen === "") return "unknown";
  const [mine, theirs] = [matchName(own, seen), matchName(others, seen)].map((match) =>
    isAnswer ? Math.min(match, 2) : match,
  ) as [number, number];
  if (mine > 0 || theirs > 0) return mine >= theirs ? "fits" : "other";
  return mine < 0 || theirs < 0 ? "unsaid" : "neither";
};

/** Models asked for under a name of their own (a deployment's) that are known to be the document's. */
export type KnownAliases = (requestModel: string) => boolean;

const fitOfModel = (own: string, others: string, call: CallIdentity, isAlias: KnownAliases): Fit => {
  const { requestModel, responseModel } = call;
  const saysNothing = (name: string): boolean => isIdentifier(name) || areOtherModels(own, name) === false;
  const [asked, answered] = [fitOfName(own, others, requestModel, false), fitOfName(own, others, responseModel, true)];
  if (answered === "fits" || answered === "other") return answered;
  if (asked === "other") return "other";
  if (answered === "unknown") {
    if (asked === "neither") return isAlias(requestModel) || saysNothing(requestModel) ? "unknown" : "other";
    return asked === "unsaid" ? "unknown" : asked;
  }
  if (answered === "unsaid") return asked === "fits" ? "fits" : "unknown";
  // The name that answered is neither arm's: a deployment's, which says nothing, or another model's.
  const contradicts = areOtherModels(own, responseModel);
  if (asked === "fits") return contradicts === true ? "other" : "fits";
  if (asked === "unsaid") return contradicts === true ? "other" : "unknown";
  return saysNothing(responseModel) ? "unknown" : "other";
};

const fitOfPrompt = (
  own: ModelConfiguration["prompt"],
  others: ModelConfiguration["prompt"],
  call: CallIdentity,
): Fit => {
  const { promptName, promptVersion } = call;
  if (own === null || (promptName === "" && promptVersion === "")) return "unknown";
  const isOwn =
    (promptName === "" || promptName === own.name) && (promptVersion === "" || promptVersion === own.version);
  if (!isOwn) return "other";
  return promptVersion !== "" || own.name !== others?.name ? "fits" : "unknown";
};

/** Judges whether calls come from what a document names. */
export interface ArmIdentity {
  readonly fit: (arm: Arm, call: CallIdentity, isAlias: KnownAliases) => Fit;
  /** What the document names for the arm, in words. */
  readonly named: (arm: Arm) => string;
}

const promptText = ({ prompt }: ModelConfiguration): string =>
  prompt === null ? "" : ` with prompt ${prompt.name}@${prompt.version}`;

/**
 * A call fits when what answered is what the document names, or, where what answered is known by a deployment's name or
 * not at all, what was asked for. What tells the arms apart has to be known of a call that fits: of two prompts of one
 * model the prompt, of one model at two providers the provider where it is the other arm's.
 */
export const createArmIdentity = (migration: Pick<Migration, "baseline" | "candidate">): ArmIdentity => {
  const configurations: Readonly<Record<Arm, ModelConfiguration>> = {
    canary: migration.candidate,
    baseline: migration.baseline,
  };
  const { baseline, candidate } = migration;
  const samePrompt =
    baseline.prompt?.name === candidate.prompt?.name && baseline.prompt?.version === candidate.prompt?.version;
  const sameModel = matchName(baseline.model, candidate.model) >= 2;

  const isOthersProvider = (own: ModelConfiguration, others: ModelConfiguration, { provider }: CallIdentity): boolean =>
    sameModel &&
    own.provider !== null &&
    others.provider !== null &&
    own.provider !== others.provider &&
    provider === others.provider;

  return {
    fit: (arm, call, isAlias) => {
      const [own, others] = [configurations[arm], configurations[OTHER_ARM[arm]]];
      const model = fitOfModel(own.model, others.model, call, isAlias);
      const prompt = fitOfPrompt(own.prompt, others.prompt, call);
      if (model === "other" || prompt === "other" || isOthersProvider(own, others, call)) return "other";
      return model === "fits" && (samePrompt || own.prompt === null || prompt === "fits") ? "fits" : "unknown";
    },
    named: (arm) => `${configurations[arm].model}${promptText(configurations[arm])}`,
  };
};
