import { describe, expect, it } from "vitest";
import { channelConfig, createChannels } from "../../../alerts/channels/create-channels.ts";

const collaborators = { now: () => 0, stdout: { write: () => true } };
const stdout = channelConfig.parse({ type: "stdout" });
const slack = channelConfig.parse({ type: "slack", url: "https://hooks.slack.com/services/T/B/X", on: ["page"] });

describe("the channels of leeway.yaml", () => {
  it("are named after their type, in order", () => {
    const channels = createChannels([slack, stdout, slack, slack], collaborators);
    expect(channels.map((channel) => channel.name)).toEqual(["slack", "stdout", "slack-2", "slack-3"]);
  });

  it("accept what `on` lists, and test notices always", () => {
    const [a, b] = createChannels([slack, stdout], collaborators);
    expect(a?.accepts).toEqual(["page", "test"]);
    expect(b?.accepts).toEqual(["stage", "pause", "rollback", "page", "drift", "drained", "test"]);
  });

  it("refuse an unknown type with the types there are, and repeat no secret", () => {
    const issues = channelConfig.safeParse({ type: "slak", url: "https://hush" }).error?.issues;
    expect(issues?.map((i) => i.message)).toEqual([
      'unknown channel type "slak"; expected one of: slack, webhook, stdout',
    ]);
    expect(JSON.stringify(issues)).not.toContain("hush");
  });
});
