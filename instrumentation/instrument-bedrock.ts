import { sharedHook } from "./shared-hook.ts";
import { tellOwnError } from "./shield.ts";

/**
 * Makes the calls of an AWS SDK client for Bedrock visible: `instrumentBedrock(new BedrockRuntimeClient({ … }))`,
 * before its first call. The preload does this by itself where Node loads `@aws-sdk/client-bedrock-runtime`; apps whose
 * bundle contains the SDK need it. Returns the client. Results, streams and errors are unchanged; without effect while
 * the preload is not loaded.
 */
export const instrumentBedrock = <C>(client: C): C => {
  try {
    sharedHook()?.bedrock.follow(client);
  } catch (error) {
    tellOwnError(error);
  }
  return client;
};
