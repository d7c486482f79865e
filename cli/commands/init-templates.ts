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
  hold: 500ms                       # how long calls are gathered before they are stored; docs/intake.md, "One call, one row"

agent:
  listen: 127.0.0.1:4320            # status page, API, OFREP, /metrics
  token: null
  hosts: []
  tls: null
  tick: 5s                          # how often closed calls are judged
  settle: 2s                        # how long after its end a tick waits for late spans
  flipDeadline: 30s                 # a rollback whose flag does not follow tries the route's fallbacks from then on
  drainDeadline: 60s                # canary calls that go on longer after a rollback page somebody
  prices: null                      # your prices, YAML of model: { input, output, cached }, US dollars per million tokens
  models: null                      # your table of the days on which models are retired; docs/models.md
  externalUrl: null                 # where people reach the status page, for the links of notices: https://leeway.example.com
  actionLinks: null                 # or {}: notices carry links to advance, pause and roll back; docs/alerts.md
  grafana: null                     # or { url: https://grafana.example.com }: notices link to the dashboard; docs/grafana.md
  telemetry: false                  # traces and metrics of the agent's own work, as OTEL_* says; docs/telemetry.md

flags:
  builtin: { type: builtin }        # the agent itself serves the flag over OFREP; others: docs/flags.md
  # prod: { type: unleash, url: https://unleash.example.com, token: "\${env:UNLEASH_TOKEN}", environment: production }

alerts:                             # the default is none
  - { type: stdout }
  # - { type: slack, url: "\${env:SLACK_URL}", on: [pause, rollback, page, stage] }
  # - { type: slack-bot, token: "\${env:SLACK_TOKEN}", channel: C0123456789 }      # a thread for each incident; docs/alerts.md
  # - { type: teams, url: "\${env:TEAMS_URL}" }       # webhook of a workflow of Microsoft Teams
  # - { type: webhook, url: https://example.internal/leeway, secret: "\${env:HOOK_SECRET}" }

notify:                             # who is told what, and when; docs/alerts.md
  groupWait: 0s                     # what is not urgent waits so long for others of its incident; 30s makes bursts one message
  groupInterval: 0s
  repeatInterval: 4h                # an open critical incident is told again until "leeway ack"; null: never
  quietHours: null                  # or { from: "22:00", to: "07:00", zone: Europe/Berlin }: news of stages wait
  environment: null                 # where this agent is, such as production, for documents that do not say it
  routes: []                        # the first that matches; what none takes goes to every channel
  #   - { match: { severity: critical }, channels: pager, continue: true }
  #   - { match: { migration: "support-*", owner: support-platform }, channels: [support-chat] }
heartbeat: null                     # or { url: "\${env:HEARTBEAT_URL}", every: 1m }: pinged while all is judged; docs/operations.md

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
approvers: []                       # who may approve that a stage is entered; empty = anybody
# runbook: https://wiki.example.com/llm-rollback    # every notice links to it
baseline:  { model: gpt-4o-2024-08-06, prompt: { name: support, version: "41" } }
candidate: { model: gpt-5-2026-08,     prompt: { name: support, version: "42" } }
match:     { service: support-api, operation: chat }     # which calls belong to it
route:     { flag: support-model, target: builtin }      # string flag with the variants baseline and canary
segments:  [input_type]             # leeway.segment.* attributes the arms are compared within
stages:                             # "gate": what a stage waits for, of what its few calls can prove; all rules guard every stage
  - { canary: 5%,  for: 4h, gate: [error] }
  - { canary: 25%, for: 1d, gate: [error, tokens_total] }
  - { canary: 50%, for: 1d, approval: true }          # without a gate: every rule has to be clear
  - { observe: 14d, holdback: 1%, gate: [error] }     # 1% keeps a live baseline, of few calls
# preflight: { skip: [drill] }       # from the second stage on each one waits for "leeway drill", at most 7 days old
rules:                              # or "rules: playbook" for the standard ten
  - { signal: error,        limit: 5%,    unit: absolute, severity: rollback }
  - { signal: latency_ms,   quantile: 99, limit: 200ms, unit: absolute-increase, severity: rollback }
  - { signal: tokens_total, limit: 20%,   unit: relative, direction: increase, severity: pause }
  - { signal: refusal,      limit: 5,     unit: points, direction: either, by: input_type, severity: pause }
  - { signal: output_shape, severity: pause }
`;
