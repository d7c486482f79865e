import { type ClockScenario, runClockScenario } from "../../test/e2e/clock-scenario.ts";

// One scenario in a process of its own: the arguments hold it as JSON, the answer goes to standard output.
const scenario = JSON.parse(process.argv[2] ?? "null") as ClockScenario;
process.stdout.write(JSON.stringify(await runClockScenario(scenario)));
