import { propUpper } from "../../stats/one-sample.ts";

/**
 * How often a judge that says the same in both orders is wrong in both, if an order is wrong independently of the other: e in
 * each, they differ in 2e(1 - e) of the pairs, and of those that agree e^2 / (e^2 + (1 - e)^2) are wrong. By the upper bound of
 * the differing share at `alpha`; 0.5 where nothing is known. Only people can say more: mistakes that both orders share are
 * not in it.
 */
export const orderError = (inconsistent: number, judged: number, alpha: number): number => {
  const differing = judged === 0 ? 0.5 : Math.min(0.5, propUpper(inconsistent, judged, alpha));
  const error = (1 - Math.sqrt(1 - 2 * differing)) / 2;
  return error ** 2 / (error ** 2 + (1 - error) ** 2);
};
