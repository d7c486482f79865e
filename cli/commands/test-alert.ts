import { loadConfig } from "../../agent/config/load-config.ts";
import { createChannels } from "../../alerts/channels/create-channels.ts";
import type { TextStream } from "../../alerts/channels/text-stream.ts";
import { testNotice } from "../../alerts/notices.ts";
import { type TestAnswer, testChannels } from "../../alerts/try-channel.ts";
import { LeewayError } from "../../core/errors.ts";
import { printableLine } from "../../core/printable.ts";
import { type AgentOptions, connect } from "../api-client.ts";
import { currentUser } from "../current-user.ts";
import { renderTable } from "../render/table.ts";

/** What `leeway test-alert` is given. */
export interface TestAlertOptions extends AgentOptions {
  readonly by?: string;
}

/** Without an agent: what the channels of leeway.yaml answer to this process. */
const testFromHere = (config: string, channel: string | null, by: string, stdout: TextStream) => {
  const { settings } = loadConfig(config, process.env);
  const channels = createChannels(settings.alerts, { now: Date.now, stdout });
  const chosen = channel === null ? channels : channels.filter(({ name }) => name === channel);
  if (channel !== null && chosen.length === 0) {
    const known = channels.map(({ name }) => name).join(", ") || "none";
    throw new LeewayError("config-invalid", `no channel ${printableLine(channel)}; expected one of: ${known}`);
  }
  return testChannels(chosen, testNotice({ at: Date.now(), by, link: "" }));
};

const wordOf = ({ outcome }: TestAnswer["delivery"]): string =>
  outcome === "delivered" ? "delivered" : outcome === "failed" ? "FAILED for good" : "FAILED, could be tried again";

/**
 * `leeway test-alert`: a test notice through every channel, or one, and what each answered. The running agent sends it: that
 * proves its network and its secrets, and heals a channel that was told to fail. Where none runs, and none was named, it is
 * sent from here, which is said. 1 unless all were delivered.
 */
export const testAlert = async (
  channel: string | null,
  options: TestAlertOptions,
  { print, stdout }: { readonly print: (text: string) => void; readonly stdout: TextStream },
): Promise<0 | 1> => {
  const by = options.by ?? currentUser();
  const ask = async (): Promise<readonly TestAnswer[]> => {
    try {
      const body = { by, ...(channel === null ? {} : { channel }) };
      return (await connect(options).post<{ answers: readonly TestAnswer[] }>("/api/v1/test-alert", body)).answers;
    } catch (error) {
      const isAway = error instanceof LeewayError && error.code === "agent-unreachable";
      if (!isAway || options.agent !== undefined) throw error;
      print("no agent answers: sent from here, by leeway.yaml; the agent's own network and secrets are not tested\n");
      return testFromHere(options.config, channel, by, stdout);
    }
  };
  const answers = await ask();
  if (answers.length === 0) {
    print("no channel is configured (alerts: of leeway.yaml): nobody will be told\n");
    return 1;
  }
  const rows = answers.map((answer) => [
    answer.channel,
    wordOf(answer.delivery),
    printableLine(answer.delivery.detail),
  ]);
  print(`${renderTable(["channel", "test notice", "answer"], rows).join("\n")}\n`);
  return answers.every(({ delivery }) => delivery.outcome === "delivered") ? 0 : 1;
};
