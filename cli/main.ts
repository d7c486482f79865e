#!/usr/bin/env node
import { Command as Program } from "commander";
import { LeewayError, messageOf } from "../core/errors.ts";
import { nodeProblem } from "../core/needed-node.ts";
import { COMMAND_TYPES, COMMANDS } from "../lifecycle/commands/commands.ts";
import { type AgentOptions, connect } from "./api-client.ts";
import type { CalibrationFlags } from "./commands/calibration.ts";
import type { CommandOptions } from "./commands/command.ts";
import type { DrillOptions } from "./commands/drill.ts";
import type { LabelOptions } from "./commands/label.ts";
import type { AcceptOptions, PairsOptions } from "./commands/pairs.ts";
import type { ReplayOptions } from "./commands/replay.ts";
import type { ShadowOptions } from "./commands/shadow.ts";
import type { SilenceOptions } from "./commands/silence.ts";
import type { SuiteOptions } from "./commands/suite.ts";
import type { TokenOptions } from "./commands/token.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { createTerminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

// Everything the product prints goes through these two.
const errors = createTerminal(process.stderr);
const output = createTerminal(process.stdout, (error) => {
  errors.print(`standard output cannot be written (${messageOf(error)})\n`);
  process.exitCode = 2;
});
const { print } = output;
const complain = errors.print;

/** The one place where errors become text and an exit code. */
const run = async (work: () => ExitCode | Promise<ExitCode>): Promise<void> => {
  try {
    process.exitCode = await work();
  } catch (error) {
    complain(`${error instanceof LeewayError ? error.message : messageOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
};

const program = new Program("leeway")
  .description("Drift monitoring for LLM model migrations: detect, roll back, prove.")
  .version(VERSION)
  .showHelpAfterError("(leeway --help lists the commands)")
  .configureOutput({ writeErr: complain, writeOut: print })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const CONFIG = ["-c, --config <file>", "configuration file", "leeway.yaml"] as const;
const AGENT = ["--agent <url>", "address of the agent; default: agent.listen of the configuration"] as const;
const CA = ["--ca <file>", "PEM file of the authority to believe over https; default: agent.tls.cert"] as const;

const HOURS: Readonly<Record<string, number>> = { "": 1, "/h": 1, "/hour": 1, "/day": 24, "/d": 24 };

/** Calls an hour. */
const readTraffic = (text: string): number => {
  const [, number = "", per = ""] = /^([\d.]+)(.*)$/.exec(text.trim()) ?? [];
  const calls = Number(number) / (HOURS[per] ?? Number.NaN);
  if (number !== "" && Number.isFinite(calls) && calls > 0) return calls;
  throw new LeewayError(
    "config-invalid",
    `--traffic: ${text}; expected calls an hour or a day, more than 0, such as 500 or 12000/day`,
  );
};

const readUsers = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new LeewayError("config-invalid", `--users: ${text}; expected a whole number of at least 1`);
};

program
  .command("init")
  .description("write a commented leeway.yaml and migrations/example.yaml")
  .argument("[folder]", "where to write", ".")
  .action((folder: string) =>
    run(async (): Promise<ExitCode> => {
      const { initFiles } = await import("./commands/init.ts");
      for (const path of initFiles(folder)) print(`wrote ${path}\n`);
      return 0;
    }),
  );

interface CheckFlags {
  readonly config: string;
  readonly traffic?: string;
  readonly users?: string;
  readonly live?: boolean;
}

program
  .command("check")
  .description("validate leeway.yaml and the migration documents; print how many calls each rule needs")
  .argument("[documents...]", "migration documents; default: migrations/*.yaml beside the configuration")
  .option(...CONFIG)
  .option(
    "--traffic <calls>",
    "calls of both arms, an hour or a day (12000/day): how long a healthy candidate stays in each stage; exit 1 when it would never leave one",
  )
  .option("--users <number>", "users who make the calls of a day; default: as many as calls")
  .option("--live", "ask every flag system and channel, too; exit 1 when one is wrong, 4 when one cannot be known")
  .action((documents: readonly string[], { config, traffic, users, live = false }: CheckFlags) =>
    run(async () => {
      const { check } = await import("./commands/check.ts");
      const given = traffic === undefined ? null : readTraffic(traffic);
      const asked = { config, documents, callsPerHour: given, users: readUsers(users), live };
      return check(asked, { output, errors });
    }),
  );

program
  .command("start")
  .description("run the agent")
  .option(...CONFIG)
  .action(({ config }: { readonly config: string }) =>
    run(async () => (await import("./commands/start.ts")).start(config, { output, errors })),
  );

interface ShownOptions extends AgentOptions {
  readonly json?: boolean;
}

program
  .command("status")
  .description("stage, verdict per rule, sample sizes, freshness; exit 1 while something is wrong")
  .argument("[migration]")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--watch", "print again every two seconds")
  .option("--json", "print JSON")
  .action((migration: string | undefined, options: ShownOptions & { readonly watch?: boolean }) =>
    run(async () => {
      const { status } = await import("./commands/status.ts");
      const { json = false, watch = false } = options;
      return status(connect(options), { migration: migration ?? null, json, watch }, output);
    }),
  );

program
  .command("explain")
  .description("the evidence behind a verdict, re-derivable by hand")
  .argument("<migration>")
  .argument("[rule]")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON")
  .action((migration: string, rule: string | undefined, options: ShownOptions) =>
    run(async () => {
      const { explain } = await import("./commands/explain.ts");
      return explain(connect(options), { migration, rule: rule ?? null, json: options.json ?? false }, print);
    }),
  );

program
  .command("flag")
  .description("a migration's flag as its system has it; exit 1 when something is wrong, 4 when something is not known")
  .argument("<migration>")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--direct", "ask the flag system from here, not by the agent; done anyway where no agent answers")
  .option("--json", "print JSON")
  .action((migration: string, options: ShownOptions & { readonly direct?: boolean }) =>
    run(async () => {
      const { flag } = await import("./commands/flag.ts");
      const { json = false, direct = false } = options;
      return flag({ ...options, migration, json, direct }, { output, errors });
    }),
  );

interface CompareFlags {
  readonly baseline?: string;
  readonly canary?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly allowUndecided?: boolean;
  readonly strict?: boolean;
}

for (const command of COMMANDS) {
  const declared = program
    .command(command)
    .description(COMMAND_TYPES[command].help)
    .argument("<migration>")
    .option(
      "--reason <text>",
      COMMAND_TYPES[command].defaultReason === null
        ? "why; asked for when left out on a terminal"
        : "why; may be left out",
    )
    .option("--by <name>", "who; default: the user running the command");
  if (COMMAND_TYPES[command].isForStage)
    declared.option(
      "--stage <number>",
      "the stage it is given at, from 1 (0 = before the first); refused at another; default: the present one",
    );
  declared
    .option(...CONFIG)
    .option(...AGENT)
    .option(...CA)
    .action((migration: string, options: AgentOptions & CommandOptions) =>
      run(async () => {
        const { giveCommand } = await import("./commands/command.ts");
        return giveCommand(connect(options), command, migration, options, print);
      }),
    );
}

program
  .command("drill")
  .description(
    "try the way back: a marked rollback on the real flag, told and proven, then undone; exit 1 when it fails",
  )
  .argument("<migration>")
  .option("--reason <text>", "why; may be left out")
  .option("--by <name>", "who; default: the user running the command")
  .option("--dry", "write nothing: say what would be done, and whether the flag system would take it")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON, when it is over")
  .action((migration: string, options: AgentOptions & DrillOptions) =>
    run(async () => (await import("./commands/drill.ts")).runDrill(connect(options), migration, options, print)),
  );

program
  .command("pairs")
  .description(
    "what the answers of a shadow differ in; exit 0 when its gate is clear, 1 at a breach, 4 while it is undecided",
  )
  .argument("<migration>")
  .option("--segment <name=value>", "differences of this segment alone")
  .option("--class <class>", "differences that are: improvement, neutral, regression, novel or undecided")
  .option("--pair <id>", "one pair")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON")
  .action((migration: string, options: AgentOptions & PairsOptions) =>
    run(async () => (await import("./commands/pairs.ts")).runPairs(connect(options), migration, options, print)),
  );

program
  .command("label")
  .description("read pairs of a shadow's answers without knowing which is whose, and say which is better")
  .argument("<migration>")
  .option("--by <name>", "who; default: the user running the command; a token says it")
  .option("--pair <id>", "without a terminal: the pair that --word is about")
  .option("--word <word>", "a, b, same, unsure or skipped")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print the next pair as JSON")
  .action((migration: string, options: AgentOptions & LabelOptions) =>
    run(async () => (await import("./commands/label.ts")).runLabel(connect(options), migration, options, print)),
  );

program
  .command("accept")
  .description("say that differences of a shadow's answers are as they should be, or what else they are")
  .argument("<migration>")
  .argument("<cluster>", "as leeway pairs shows it")
  .option("--reason <text>", "why; goes into the ledger")
  .option("--segment <name=value>", "in this segment alone; default: wherever it is met")
  .option("--as <word>", "neutral (accepted), improvement or regression", "neutral")
  .option("--by <name>", "who; default: the user running the command")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .action((migration: string, cluster: string, options: AgentOptions & AcceptOptions) =>
    run(async () =>
      (await import("./commands/pairs.ts")).runAccept(connect(options), migration, cluster, options, print),
    ),
  );

program
  .command("test-alert")
  .description(
    "send a test notice through every channel, or one, and say what each answered; exit 1 unless all took it",
  )
  .argument("[channel]", "name of a channel, as leeway check shows it")
  .option("--by <name>", "who; default: the user running the command")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .action((channel: string | undefined, options: AgentOptions & { readonly by?: string }) =>
    run(async () => {
      const { testAlert } = await import("./commands/test-alert.ts");
      return testAlert(channel ?? null, options, { print, stdout: output });
    }),
  );

const TYPES = (type: string, before: readonly string[]): readonly string[] => [...before, type];

program
  .command("silence")
  .description("do not tell people for a while; a rollback and NOT ROLLED BACK are told all the same")
  .argument("<migration>", "a name, or a pattern such as 'support-*'; a monitor is monitor:<name>")
  .option("--for <duration>", "how long: 30m, 2h, 3d; at most 30d")
  .option("--reason <text>", "why; goes into the ledger")
  .option("--type <type>", "of this type only (repeatable): stage, pause, page, drift", TYPES, [])
  .option("--by <name>", "who; default: the user running the command")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .action((subject: string, options: AgentOptions & SilenceOptions) =>
    run(async () => (await import("./commands/silence.ts")).beginSilence(connect(options), subject, options, print)),
  );

program
  .command("unsilence")
  .description("end a silence before its time")
  .argument("<id>", "as leeway silences shows it")
  .option("--reason <text>", "why")
  .option("--by <name>", "who; default: the user running the command")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .action((id: string, options: AgentOptions & Pick<SilenceOptions, "by" | "reason">) =>
    run(async () => (await import("./commands/silence.ts")).endSilence(connect(options), id, options, print)),
  );

program
  .command("silences")
  .description("the silences in force, and what nobody was told of")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON")
  .action((options: ShownOptions) =>
    run(async () =>
      (await import("./commands/silence.ts")).listSilences(connect(options), options.json ?? false, print),
    ),
  );

const token = program
  .command("token")
  .description("tokens of people: who may read, operate, approve or administer the agent, under which name");

token
  .command("create")
  .description("make a token and print it once; the agent takes it at once")
  .option("--name <name>", "whose it is, as approvers: of the documents have it, such as ana@example.com")
  .option(
    "--scope <scope>",
    "read, operate, approve or admin, each holds those before it; content, which admin alone holds; or both: operate,content",
  )
  .option("--expires <duration>", "for how long it is good, such as 90d; default: until it is revoked")
  .option(...CONFIG)
  .action((options: TokenOptions) =>
    run(async () => (await import("./commands/token.ts")).createToken(options, Date.now(), print)),
  );

token
  .command("list")
  .description("ids, names, scopes, how they stand and when they were last used")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action(({ config, json = false }: { readonly config: string; readonly json?: boolean }) =>
    run(async () => (await import("./commands/token.ts")).listTokens({ config, json }, Date.now(), print)),
  );

token
  .command("revoke")
  .description("a token counts no more, from the next request on")
  .argument("<id>", "as leeway token list shows it")
  .option(...CONFIG)
  .action((id: string, { config }: { readonly config: string }) =>
    run(async () => (await import("./commands/token.ts")).revokeToken({ config, id }, Date.now(), print)),
  );

token
  .command("rotate-links")
  .description("sign the links of notices with another key: every link that was sent is void")
  .option(...CONFIG)
  .action(({ config }: { readonly config: string }) =>
    run(async () => (await import("./commands/token.ts")).rotateLinks({ config }, print)),
  );

program
  .command("compare")
  .description("compare two sets of answers offline; exit 1 when drift is found, 4 when there are too few to say")
  .argument("[records]", "JSON Lines with both cohorts")
  .option("--baseline <file>", "JSON Lines of the baseline")
  .option("--canary <file>", "JSON Lines of the canary")
  .option("--json", "print JSON")
  .option("--html <file>", "write a report with plots")
  .option("--allow-undecided", "exit 0 instead of 4 when there are too few answers to say")
  .option("--strict", "end with exit 2 at what cannot be read, instead of leaving it out and telling how much it was")
  .action((records: string | undefined, options: CompareFlags) =>
    run(async () => {
      const { compare } = await import("./commands/compare.ts");
      const { baseline = null, canary = null, html = null, json = false } = options;
      const { allowUndecided = false, strict = false } = options;
      return compare({ records: records ?? null, baseline, canary, html, json, allowUndecided, strict }, print);
    }),
  );

const baseline = program
  .command("baseline")
  .description("examples of what the baseline was asked and answered, kept for the next migration");

baseline
  .command("list")
  .description("how many are kept of what, and how many calls they stand for; exit 4 when there are none")
  .argument("<migration>")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON")
  .action((migration: string, options: ShownOptions) =>
    run(async () =>
      (await import("./commands/baseline.ts")).listBaselines(connect(options), migration, options, print),
    ),
  );

baseline
  .command("export")
  .description(
    "write them as a corpus of leeway replay; needs a token with the scope content; exit 4 when there are none",
  )
  .argument("<migration>")
  .option("--out <file>", "where to, a new file")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .action((migration: string, options: AgentOptions & { readonly out?: string }) =>
    run(async () =>
      (await import("./commands/baseline.ts")).exportBaselines(connect(options), migration, options, print),
    ),
  );

program
  .command("calibration")
  .description(
    "compare how well two models' confidence tells what is right, and move thresholds over; exit 1 when it differs, 4 when there are too few answers to say",
  )
  .argument("[records]", "JSON Lines with both cohorts, as leeway compare reads them, with confidence and outcome")
  .option("--baseline <file>", "JSON Lines of the baseline")
  .option("--canary <file>", "JSON Lines of the canary")
  .option("--confidence <kind>", "stated or logprob; default: the one that more answers have")
  .option("--score <name>", "an answer is right where this score reaches --at-least; default: correct, or label")
  .option("--at-least <number>", "see --score", "0.5")
  .option("--threshold <list>", "thresholds in use on the baseline: 0.85 or 85%, with commas", "0.5,0.7,0.8,0.9")
  .option("--keep <what>", "what the candidate's threshold keeps: precision, recall or both", "both")
  .option("--margin <share>", "differences below it do not matter", "5%")
  .option("--json", "print JSON")
  .option("--html <file>", "write a report with plots")
  .option("--allow-undecided", "exit 0 instead of 4 when there are too few answers to say")
  .option("--strict", "end with exit 2 at what cannot be read, instead of leaving it out and telling how much it was")
  .action((records: string | undefined, options: CalibrationFlags) =>
    run(async () => {
      const { runCalibration } = await import("./commands/calibration.ts");
      return runCalibration(records ?? null, options, print);
    }),
  );

program
  .command("replay")
  .description(
    "ask a model the questions of a corpus again; exit 1 when some cannot be asked or are refused, 4 when some are left to be asked",
  )
  .argument("<corpus>", "JSON Lines: messages (or prompt, or request: { format, body }) and prompt_id, task, tools, …")
  .option("--model <name>", "whom to ask")
  .option(
    "--out <file>",
    "where the answers go, a record a line as leeway compare reads it; a file of before is gone on with",
  )
  .option("--provider <name>", "how it is asked: openai, anthropic, gemini, …; default: by the model's name")
  .option("--base-url <url>", "where it is asked, as its SDK's base URL; default: the provider's own")
  .option("--key-env <name>", "variable of the environment that holds the key; default: the provider's usual one")
  .option("--cohort <arm>", "cohort of the records: baseline or canary", "canary")
  .option("--repeat <n>", "answers of each question", "1")
  .option("--seed <n>", "seed of the first answer, counted up; where the provider takes one")
  .option("--max-tokens <n>", "longest answer, where a question does not say")
  .option("--max-usd <amount>", "ask nothing that could take the file's answers beyond it")
  .option("--concurrency <n>", "questions that are under way at a time", "16")
  .option("--rate <n>", "questions a second at most; default: as many as the provider takes")
  .option("--timeout <duration>", "longest wait for an answer", "2m")
  .option("--retries <n>", "further tries of what failed for the moment", "3")
  .option("--prices <file>", "prices of models, before the built-in ones")
  .option("--dry-run", "ask nothing: say how much there is to ask, what cannot be, and what it would cost at most")
  .option("--json", "print JSON")
  .action((corpus: string, options: ReplayOptions) =>
    run(async () =>
      (await import("./commands/replay.ts")).replay(corpus, options, { output, errors, environment: process.env }),
    ),
  );

const suite = program
  .command("suite")
  .description("a regression suite for two models: cases in a file, no agent needed");

const listed = (value: string, before: readonly string[]): readonly string[] => [...before, value];

suite
  .command("run")
  .description("ask both models and compare; exit 1 not equivalent, 2 something is wrong with the suite, 4 undecided")
  .argument("<suite>", "suite.yaml (docs/suite.md)")
  .option("--model <name>", "twice: the baseline, then the candidate; default: models of the suite", listed, [])
  .option("--provider <name>", "once for both models or once for each; default: by the model's name", listed, [])
  .option("--base-url <url>", "another address, once for both or once for each", listed, [])
  .option("--key-env <name>", "variable that holds the key, once for both or once for each", listed, [])
  .option("-n, --runs <n>", "how often each case is asked", "5")
  .option("--answers <folder>", "where answers are kept: what is there is not asked again", ".leeway-suite")
  .option("--fresh", "put the kept answers of both models aside and ask everything again")
  .option("--max-usd <amount>", "ask nothing that could take this run beyond it")
  .option("--prices <file>", "prices of models, before the built-in ones")
  .option("--concurrency <n>", "questions to each model that are under way at a time", "16")
  .option("--rate <n>", "questions a second to each model at most; default: as many as it takes")
  .option("--timeout <duration>", "longest wait for an answer", "2m")
  .option("--retries <n>", "further tries of what failed for the moment", "3")
  .option("--junit <file>", "write JUnit XML")
  .option("--html <file>", "write one page")
  .option("--github", "print annotations of GitHub Actions")
  .option("--allow-undecided", "exit 0 when undecided")
  .option("--json", "print JSON, which leeway decide reads")
  .action((path: string, options: SuiteOptions) =>
    run(async () =>
      (await import("./commands/suite.ts")).suiteRun(path, options, { output, errors, environment: process.env }),
    ),
  );

suite
  .command("import")
  .description(
    "write a configuration of promptfoo as a suite; exit 1 when something of it has no place there, which is listed",
  )
  .argument("<config>", "promptfooconfig.yaml")
  .option("--out <file>", "write it there instead of printing it")
  .action((config: string, options: { readonly out?: string }) =>
    run(async () => (await import("./commands/suite.ts")).suiteImport(config, options, { output, errors })),
  );

suite
  .command("schema")
  .description("print the JSON Schema of a suite, for editors")
  .action(() => run(async () => (await import("./commands/suite.ts")).suiteSchema(print)));

program
  .command("shadow")
  .description(
    "ask a migration's candidate what stored calls asked its baseline, beside the app, during a shadow stage; needs content to be kept; exit 4 when some are left",
  )
  .argument("<migration>")
  .option("--once", "end where nothing is left; default: wait for more until it is told to end")
  .option("--rate <n>", "calls a second at most", "2")
  .option("--concurrency <n>", "calls under way at a time; never more than the document says")
  .option("--provider <name>", "how the candidate is asked: openai, anthropic, gemini, …; default: by its name")
  .option("--base-url <url>", "where it is asked; default: shadow.baseUrl of the document, else the provider's own")
  .option("--key-env <name>", "variable that holds its key; default: shadow.key, else the provider's usual one")
  .option("--baseline-provider <name>", "the same of the baseline, which is asked once more for the noise floor")
  .option("--baseline-url <url>", "where the baseline is asked")
  .option("--baseline-key-env <name>", "variable that holds its key")
  .option("--max-tokens <n>", "longest answer, where a call does not say")
  .option("--service <name>", "of the calls; default: that of the first stored one")
  .option("--place <file>", "where it is kept how far it came; default: leeway-shadow-<migration>.json")
  .option(...AGENT)
  .option(...CA)
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action((migration: string, options: ShadowOptions & AgentOptions) =>
    run(async () =>
      (await import("./commands/shadow.ts")).shadowBeside(connect(options), migration, options, {
        ...{ output, errors, environment: process.env },
      }),
    ),
  );

interface BacktestFlags {
  readonly config: string;
  readonly document?: string;
  readonly from?: string;
  readonly to?: string;
  readonly every?: string;
  readonly aa?: string | true;
  readonly inject: readonly string[];
  readonly at?: string;
  readonly share?: string;
  readonly seed?: string;
  readonly json?: boolean;
}

program
  .command("backtest")
  .description("judge the stored ticks again: what would have been decided, when; exit 1 when a rule was breached")
  .argument("<migration>")
  .option("--from <moment>", "judge from here only: 2026-11-20T09:30Z, or 2d before now; default: from its start")
  .option("--to <moment>", "to here; default: to the newest tick")
  .option("--document <file>", "judge by the rules of this document instead of the migration's own")
  .option("--every <duration>", "merge the ticks to this length; default: as stored, 1m beyond 20000 ticks")
  .option("--aa [runs]", "judge random halves of the baseline instead: how often do these rules alarm without a reason")
  .option(
    "--inject <change>",
    "put a regression into one half (repeatable): error=+9pt, cost_usd=+40%, latency_ms.p99=+500ms",
    (change: string, before: readonly string[]): readonly string[] => [...before, change],
    [],
  )
  .option("--at <duration>", "how long after the beginning it is put in; default: at once")
  .option("--share <percent>", "part of the baseline that stands for the canary; default: the first stage's")
  .option("--seed <number>", "another dealing; default: 1")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action((migration: string, flags: BacktestFlags) =>
    run(async () => {
      const { backtest } = await import("./commands/backtest.ts");
      const { document = null, from = null, to = null, every = null, aa = null } = flags;
      const { config, inject, at = null, share = null, seed = null, json = false } = flags;
      return backtest(
        { config, migration, document, from, to, every, aa, inject, at, share, seed, json },
        { print, errors },
      );
    }),
  );

program
  .command("report")
  .description("the record of a migration: Markdown, and one page with plots; also while it runs")
  .argument("<migration>")
  .option("--format <format>", "markdown, html or both; default: markdown, and both with --out")
  .option("--out <folder>", "write files there instead of printing one")
  .option(...CONFIG)
  .action((migration: string, flags: { readonly config: string; readonly format?: string; readonly out?: string }) =>
    run(async () => {
      const { report } = await import("./commands/report.ts");
      const { config, format = null, out = null } = flags;
      return report({ config, migration, format, out }, { print, errors });
    }),
  );

program
  .command("reader")
  .description("address, user and password for reading the embedded store with curl or Grafana")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action(({ config, json = false }: { readonly config: string; readonly json?: boolean }) =>
    run(async () => (await import("./commands/reader.ts")).reader({ config, json }, print)),
  );

program
  .command("prices")
  .description("how names of models are priced, and why: US dollars per million tokens")
  .argument("<models...>", "names as apps and providers write them")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action(
    (
      models: readonly string[],
      { config, json = false }: { readonly config: string; readonly json?: boolean },
      command: Program,
    ) =>
      run(async () => {
        const { prices } = await import("./commands/prices.ts");
        return prices({ models, config, json, isNamed: command.getOptionValueSource("config") === "cli" }, print);
      }),
  );

program
  .command("models")
  .description("when the models in use are retired; exit 1 when one is, 4 when one that was asked about is unknown")
  .argument("[models...]", "names to look up instead of those of calls of late and of documents")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action(
    (
      models: readonly string[],
      { config, json = false }: { readonly config: string; readonly json?: boolean },
      command: Program,
    ) =>
      run(async () => {
        const { models: list } = await import("./commands/models.ts");
        const isNamed = command.getOptionValueSource("config") === "cli";
        return list({ models, config, json, isNamed }, { output, errors });
      }),
  );

interface DecideFlags {
  readonly config: string;
  readonly migrate?: boolean;
  readonly defer?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: boolean;
}

program
  .command("decide")
  .description(
    "whether to begin a migration; exit 1 defer, 4 too little to say. Without one: decisions on record, exit 1 when one is due",
  )
  .argument("[migration]", "its name, or the path of a document")
  .option("--migrate", "put on record that it is decided for")
  .option("--defer <day>", "put on record that it waits, and the day on which to look again: 2027-01-10")
  .option("--reason <text>", "why, for the record")
  .option("--by <name>", "who decides; default: the user running the command")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action((subject: string | undefined, flags: DecideFlags) =>
    run(async () => {
      const { decide } = await import("./commands/decide.ts");
      const { config, migrate = false, defer = null, reason = null, by = null, json = false } = flags;
      return decide({ config, subject: subject ?? null, migrate, defer, reason, by, json }, { output, errors });
    }),
  );

program
  .command("demo")
  .description("a real migration end to end on this machine, in about a minute")
  .option("--healthy", "the candidate stays healthy: nothing may fire")
  .option("--shadow-fails", "the candidate is unfit: it is stopped in the shadow, before any user meets it")
  .option("--json", "print one JSON document instead of prose")
  .action((options: { readonly healthy?: boolean; readonly shadowFails?: boolean; readonly json?: boolean }) =>
    run(async () => {
      const { demo } = await import("../demo/demo.ts");
      const { healthy = false, shadowFails = false, json = false } = options;
      return demo({ healthy, shadowFails, json }, print);
    }),
  );

const oldNode = nodeProblem(process.version);
if (oldNode === null) await program.parseAsync();
else {
  complain(`${oldNode}\n`);
  process.exitCode = 2;
}
