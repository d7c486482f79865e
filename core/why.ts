/**
 * Why a migration is made, as its document says it: one kind of reason a key, at least one of them. It decides nothing while the
 * migration runs.
 */
export interface Why {
  /** The day on which the baseline is retired, `2027-01-14`, UTC. */
  readonly deprecation?: string;
  /** The candidate is better. `suite`: path of a suite's result, from the folder of leeway.yaml; `benchmark`: somebody else's figures. */
  readonly improvement?: { readonly suite?: string; readonly benchmark?: string };
  /** What is to be saved, in words. */
  readonly cost?: string;
  /** Any other reason, in words. */
  readonly other?: string;
}

const improvementText = ({ suite, benchmark }: NonNullable<Why["improvement"]>): string =>
  [
    ...(suite === undefined ? [] : [`by the suite's result in ${suite}`]),
    ...(benchmark === undefined ? [] : [`by a benchmark: ${benchmark}`]),
  ].join(", ");

/** `the baseline is retired on 2027-01-14; cost: half the price at our lengths`, on one line. */
export const whyText = ({ deprecation, improvement, cost, other }: Why): string =>
  [
    ...(deprecation === undefined ? [] : [`the baseline is retired on ${deprecation}`]),
    ...(improvement === undefined ? [] : [`improvement ${improvementText(improvement)}`]),
    ...(cost === undefined ? [] : [`cost: ${cost}`]),
    ...(other === undefined ? [] : [other]),
  ].join("; ");
