import type { Assignment, UnassignedCall } from "../collector/collaborators.ts";
import type { Cohort } from "../core/cohort.ts";
import { isCohort } from "../core/cohort.ts";
import type { Migration, ModelConfiguration } from "../core/migration.ts";

const NONE: Assignment = { migration: "", cohort: "" };

const matches = ({ match }: Migration, call: UnassignedCall): boolean =>
  (match.service === null || match.service === call.service) &&
  (match.operation === null || match.operation === call.operation);

const isModel = (configuration: ModelConfiguration, call: UnassignedCall): boolean =>
  configuration.model === call.request_model &&
  (configuration.provider === null || configuration.provider === call.provider);

const isPrompt = ({ prompt }: ModelConfiguration, call: UnassignedCall): boolean =>
  prompt === null ||
  (call.prompt_name === "" && call.prompt_version === "") ||
  (prompt.name === call.prompt_name && prompt.version === call.prompt_version);

/** The arm the call's model and prompt speak for; empty when neither or both do. */
const cohortByModel = ({ baseline, candidate }: Migration, call: UnassignedCall): Cohort | "" => {
  const isBaseline = isModel(baseline, call) && isPrompt(baseline, call);
  const isCandidate = isModel(candidate, call) && isPrompt(candidate, call);
  if (isBaseline === isCandidate) return "";
  return isCandidate ? "canary" : "baseline";
};

const cohortFor = (migration: Migration, call: UnassignedCall): Cohort | "" => {
  if (call.explicitCohort !== "") return call.explicitCohort;
  if (call.flag_key === migration.route.flag && isCohort(call.flag_variant)) return call.flag_variant;
  return cohortByModel(migration, call);
};

/**
 * Which migration and cohort a call belongs to; first match wins: the cohort on the span, the variant of the
 * migration's flag, the model and prompt version. The assignment, not the model that answered, decides: a fallback
 * must not move a failed canary call into the baseline. A call that fits no arm belongs to no migration.
 */
export const assignCall = (migrations: readonly Migration[], call: UnassignedCall): Assignment => {
  // Of several migrations of one service, the one whose flag the app asked knows more than any model name.
  const flagged = (migration: Migration): number => (migration.route.flag === call.flag_key ? 0 : 1);
  for (const migration of migrations.toSorted((a, b) => flagged(a) - flagged(b))) {
    const isNamed = call.explicitMigration === migration.name;
    if (call.explicitMigration !== "" && !isNamed) continue;
    if (!isNamed && !matches(migration, call)) continue;
    const cohort = cohortFor(migration, call);
    if (cohort !== "") return { migration: migration.name, cohort };
  }
  return NONE;
};
