import type { ChannelRow } from "./channel-row.ts";
import { alertmanagerDouble, alertmanagerReal } from "./rows/alertmanager.ts";
import { emailDouble, emailMaildev } from "./rows/email.ts";
import { pagerDutyDouble } from "./rows/pagerduty.ts";
import { slackDouble } from "./rows/slack.ts";
import { slackBotDouble } from "./rows/slack-bot.ts";
import { teamsDouble } from "./rows/teams.ts";
import { webhookDouble } from "./rows/webhook.ts";
import { webhookTemplateDouble } from "./rows/webhook-template.ts";

/** Every line of the table; a new one is a file of `rows/` and a line here. */
export const ROWS: readonly ChannelRow[] = [
  slackDouble,
  slackBotDouble,
  teamsDouble,
  pagerDutyDouble,
  alertmanagerReal,
  alertmanagerDouble,
  emailMaildev,
  emailDouble,
  webhookDouble,
  webhookTemplateDouble,
];
