/** A leeway.yaml that runs as it is: embedded store, the agent serves the flag, notices go to standard output. */
export const EXAMPLE_SETTINGS = `# Leeway's agent. Every key may be left out; what stands here is the default unless it says otherwise.
store:
  url: embedded                     # or http://clickhouse:8123, with database, user, password, cluster
  dir: .leeway                      # data of the embedded engine
  port: 8123                        # ClickHouse HTTP interface of the embedded engine; "leeway reader" shows who may read
  hosts: []                         # names it may be addressed by beside the loopback's, such as host.docker.internal

collector:
  listen: 127.0.0.1:4318            # OTLP/HTTP: POST /v1/traces
  token: null                       # required when listening on more than loopback
  hosts: []                         # names beside localhost it is addressed with, such as host.docker.internal
  tls: null                         # or { cert: tls/server.crt, key: tls/server.key }: https; docs/listeners.md
  spool: { dir: .leeway/spool, maxBytes: 2GiB }

agent:
  listen: 127.0.0.1:4320            # status page, API, OFREP, /metrics
  token: null
  hosts: []
  tls: null
  tick: 5s                          # how often closed calls are judged
  settle: 2s                        # how long after its end a tick waits for late spans
  drainDeadline: 60s                # canary calls that go on longer after a rollback page somebody
  prices: null                      # your prices, YAML of model: { input, output, cached }, US dollars per million tokens
  telemetry: false                  # traces and metrics of the agent's own work, as OTEL_* says; docs/telemetry.md

flags:
  builtin: { type: builtin }        # the agent itself serves the flag over OFREP

alerts:                             # the default is none
  - { type: stdout }
  # - { type: slack, url: "\${env:SLACK_URL}", on: [pause, rollback, page, stage] }
  # - { type: webhook, url: https://example.internal/leeway, secret: "\${env:HOOK_SECRET}" }

monitors: []                        # models compared with their own past, without a migration; docs/monitors.md
  # - name: support
  #   match: { service: support-api, operation: chat }    # also provider, model, prompt, segments
  #   by: [model]                                         # each value has a past of its own
  #   signals: [error, refusal, latency_ms.p95, output_tokens, cost_usd]
  #   meanTimeBetweenFalseAlarms: 2y                      # of all its detectors together
  #   severity: page                                      # or drift, which a channel's "on" can leave out
  #   sentinel:                                           # pinned questions, asked on a schedule
  #     { cron: "*/15 * * * *", probes: probes.jsonl, url: https://api.openai.com/v1/chat/completions,
  #       model: gpt-4o-2024-08-06, apiKey: "\${env:OPENAI_KEY}", budget: { callsPerDay: 1000, usdPerDay: 1.00 } }
`;

/** A migration document with every part explained. */
export const EXAMPLE_MIGRATION = `# One migration: written down, reviewed and unchanged once it has started.
migration: example
owner: your-team
approvers: []                       # who may approve a stage that asks for it; empty = anybody
baseline:  { model: gpt-4o-2024-08-06, prompt: { name: support, version: "41" } }
candidate: { model: gpt-5-2026-08,     prompt: { name: support, version: "42" } }
match:     { service: support-api, operation: chat }     # which calls belong to it
route:     { flag: support-model, target: builtin }      # string flag with the variants baseline and canary
segments:  [input_type]             # leeway.segment.* attributes the arms are compared within
stages:
  - { canary: 5%,  for: 4h }
  - { canary: 25%, for: 4h }
  - { canary: 50%, for: 4h, approval: true }
  - { canary: 99%, for: 14d }       # 1% holdback keeps a live baseline
rules:                              # or "rules: playbook" for the standard ten
  - { signal: error,        limit: 5%,    unit: absolute, severity: rollback }
  - { signal: latency_ms,   quantile: 99, limit: 200ms, unit: absolute-increase, severity: rollback }
  - { signal: tokens_total, limit: 20%,   unit: relative, direction: increase, severity: pause }
  - { signal: refusal,      limit: 5,     unit: points, direction: either, by: input_type, severity: pause }
  - { signal: output_shape, severity: pause }
`;
