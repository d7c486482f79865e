import { describeFlagContract } from "./flag-contract.ts";
import { startUnleash } from "./start-unleash.ts";

describeFlagContract("unleash", startUnleash);
