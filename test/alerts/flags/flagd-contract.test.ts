import { describeFlagContract } from "./flag-contract.ts";
import { startFlagd } from "./start-flagd.ts";

describeFlagContract("flagd", startFlagd);
