import { describeFlagContract } from "./flag-contract.ts";
import { startBuiltin } from "./start-builtin.ts";

describeFlagContract("builtin", startBuiltin);
