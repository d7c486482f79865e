// The contract against the real server; test/flags/run.ts starts it where it can be had.
import { describeFlagContract } from "../alerts/flags/flag-contract.ts";
import { startRealUnleash } from "./peers/real-unleash.ts";
import { startUnleashServer } from "./peers/unleash-server.ts";

describeFlagContract("a real Unleash", async () => {
  const server = await startUnleashServer();
  if ("missing" in server) throw new Error(server.missing);
  const under = await startRealUnleash(server);
  return {
    ...under,
    close: async () => {
      await under.close();
      await server.close();
    },
  };
});
