/** What the demo's configuration depends on. */
export interface DemoAddresses {
  readonly storePort: number;
  readonly collectorPort: number;
  readonly agentPort: number;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly slackUrl: string;
}

/** The two models of the demo's migration. */
export const BASELINE_MODEL = "gpt-4o-2024-08-06";
export const CANDIDATE_MODEL = "gpt-5-2026-08";
export const MIGRATION_NAME = "support-bot-to-gpt-5";

/** leeway.yaml of the demo: free ports, a tick of a second, one webhook and one Slack channel. */
export const demoSettings = (
  addresses: DemoAddresses,
): string => `store:     { url: embedded, dir: .leeway, port: ${addresses.storePort} }
collector: { listen: "127.0.0.1:${addresses.collectorPort}" }
agent:     { listen: "127.0.0.1:${addresses.agentPort}", tick: 1s, settle: 2s, drainDeadline: 60s, models: models.yaml }
flags:
  builtin: { type: builtin }
alerts:
  - { type: webhook, url: "${addresses.webhookUrl}", secret: "${addresses.webhookSecret}" }
  - { type: slack, url: "${addresses.slackUrl}" }
`;

/** When the demo's models end: never, so that what it tells does not depend on the day. */
export const demoLives = (): string => `${BASELINE_MODEL}: { retires: null, source: the demo's own }
${CANDIDATE_MODEL}: { retires: null, source: the demo's own }
`;

/** A shadow of some seconds: as many pairs as a day of a small team, asked as fast as the machine can. */
const SHADOW = {
  stage: "  - { shadow: 100%, for: 20s }\n",
  settings: "shadow: { concurrency: 16, selfRerun: 20%, budget: { calls: null }, limit: 15% }\n",
};

/** The migration document of the demo, which begins in the shadow or at once with the canary. */
export const demoMigration = (isShadowed: boolean): string => `migration: ${MIGRATION_NAME}
owner: support-platform
baseline:  { model: ${BASELINE_MODEL}, prompt: { name: support, version: "41" } }
candidate: { model: ${CANDIDATE_MODEL}, prompt: { name: support, version: "42" } }
match:     { service: support-bot, operation: chat }
route:     { flag: support-model, target: builtin }
segments:  [input_type]
${isShadowed ? SHADOW.settings : ""}stages:
${isShadowed ? SHADOW.stage : ""}  - { canary: 5%,  for: 4h }
  - { canary: 25%, for: 4h }
rules:
  - { signal: error,        limit: 5%,    unit: absolute, severity: rollback }
  - { signal: latency_ms,   quantile: 99, limit: 400ms, unit: absolute-increase, severity: rollback }
  - { signal: tokens_total, limit: 20%,   unit: relative, direction: increase, severity: pause }
  - { signal: refusal,      limit: 5,     unit: points, direction: either, by: input_type, severity: pause }
  - { signal: output_shape, severity: pause }
`;
