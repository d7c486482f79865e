import { audienceText, type Exposure, sameAudience } from "../core/audience.ts";
import { exactPercent } from "../core/percent.ts";

/** `5% of tier internal`; whom it is for is left out where both that are told beside each other are for everybody. */
export const exposureText = (exposure: Exposure, beside: Exposure = { share: 0 }): string => {
  const { share, audience = null } = exposure;
  const isPlain = audience === null && sameAudience(null, beside.audience);
  return share <= 0 || isPlain ? exactPercent(share) : `${exactPercent(share)} of ${audienceText(audience)}`;
};
