import { type CallIdentity, readIdentity } from "../../core/call-identity.ts";
import type { Migration } from "../../core/migration.ts";
import { percent } from "../../core/percent.ts";
import type { Intake, Tick } from "../../core/sample.ts";
import { matchName } from "./model-name.ts";
import { identityText } from "./other-configuration.ts";
import { createSeenValues } from "./seen-values.ts";
import { createShareDoubt } from "./share-doubt.ts";
import type { TrustPart } from "./trust-part.ts";

/** Calls that fit no arm below which nothing is said. */
const MIN_ASTRAY = 20;
/** The numbers people read are of about this many newest calls. */
const NEWEST = 2000;
/** What came from elsewhere before the start, and how often, to be known as another use of the service. */
const MIN_FAMILIAR = 20;
const MAX_FAMILIAR = 1000;

type Unassigned = NonNullable<Intake["unassigned"]>;

/** Calls that belong to no arm. */
export interface CallsOfNoArm extends TrustPart {
  /** Takes in what the service called before the migration began: other uses of it, which are none of its arms'. */
  readonly learn: (tick: Tick) => void;
  readonly notes: () => readonly string[];
}

/** What makes two calls the same use of a service, whatever the version of the prompt. */
const useOf = ({ requestModel, promptName }: CallIdentity): string => JSON.stringify([requestModel, promptName]);

/**
 * Calls of the service that the document's `match` names, which neither say their arm nor come from what it names for
 * one: a prompt was edited in both arms, a model renamed under way. Nobody judges them. Not meant are other uses of the
 * service: prompts of another name, and models that were called before the migration began and are neither arm's.
 */
export const createCallsOfNoArm = ({
  baseline,
  candidate,
  match,
}: Pick<Migration, "baseline" | "candidate" | "match">): CallsOfNoArm => {
  const familiar = new Map<string, number>();
  const seen = createSeenValues();
  const doubt = createShareDoubt(MIN_ASTRAY);
  const newest = { astray: 0, own: 0 };

  const models = [baseline.model, candidate.model];
  const prompts = [baseline.prompt?.name, candidate.prompt?.name].filter((name) => name !== undefined);
  const isModelOfArm = (name: string): boolean => models.some((model) => matchName(model, name) !== 0);
  const isOtherPrompt = ({ promptName }: CallIdentity): boolean =>
    promptName !== "" && prompts.length > 0 && !prompts.includes(promptName);
  const isOtherUse = (call: CallIdentity): boolean =>
    isOtherPrompt(call) || (!isModelOfArm(call.requestModel) && (familiar.get(useOf(call)) ?? 0) >= MIN_FAMILIAR);

  const callsOf = ({ carried }: Unassigned): readonly { readonly call: CallIdentity; readonly n: number }[] =>
    Object.entries(carried).flatMap(([key, n]) => {
      const call = readIdentity(key);
      return call === null ? [] : [{ call, n }];
    });

  const fade = (): void => {
    if (newest.astray + newest.own < NEWEST) return;
    newest.astray /= 2;
    newest.own /= 2;
    seen.halve();
  };

  const count = (unassigned: Unassigned): number => {
    const calls = callsOf(unassigned);
    const others = calls.filter(({ call }) => isOtherUse(call)).reduce((sum, { n }) => sum + n, 0);
    for (const { call, n } of calls) if (!isOtherUse(call)) seen.add(identityText(call), n);
    return unassigned.calls - others;
  };

  const step = (unassigned: Unassigned, tick: Tick): void => {
    fade();
    const astray = count(unassigned);
    const { own } = unassigned;
    newest.astray += astray;
    newest.own += own;
    if (!doubt.step(astray, astray + own, tick)) return;
    doubt.letGo();
    seen.clear();
    Object.assign(newest, { astray: 0, own: 0 });
  };

  const describe = (): string => {
    const [calls, astray] = [Math.round(newest.astray + newest.own), Math.round(newest.astray)];
    const whose = match.service === null ? "the apps" : match.service;
    return `${astray} of the newest ${calls} calls of ${whose} (${percent(newest.astray / (newest.astray + newest.own))}) fit no arm and are in no rule: ${seen.text(newest.astray)}`;
  };

  return {
    learn: ({ intake }) => {
      const unassigned = intake?.unassigned;
      // With calls of its own it has begun, and what is astray may be its own.
      if (unassigned === undefined || unassigned.own > 0) return;
      for (const { call, n } of callsOf(unassigned)) {
        if (familiar.size < MAX_FAMILIAR || familiar.has(useOf(call)))
          familiar.set(useOf(call), (familiar.get(useOf(call)) ?? 0) + n);
      }
    },
    step: (tick) => {
      if (tick.intake?.unassigned !== undefined) step(tick.intake.unassigned, tick);
    },
    doubt: () => (doubt.isDoubted() ? describe() : null),
    about: () => "",
    notes: () => (doubt.isDoubted() || newest.astray < 1 ? [] : [describe()]),
  };
};
