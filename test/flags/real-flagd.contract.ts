// The contract with the real provider of flagd; test/flags/run.ts installs it where it can be had.
import { describeFlagContract } from "../alerts/flags/flag-contract.ts";
import { startRealFlagd } from "./peers/real-flagd.ts";

describeFlagContract("flagd's file, evaluated by the real provider", async () => {
  const under = await startRealFlagd();
  if ("missing" in under) throw new Error(under.missing);
  return under;
});
