/**
 * What a call says it was made with, and who says that it answered. Empty text = unknown: a failed call has no model
 * that answered, and few apps tell of prompts.
 */
export interface CallIdentity {
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly promptName: string;
  readonly promptVersion: string;
}

/** The identity in the form it is counted by: a JSON list of its five texts. Null for what is none. */
export const readIdentity = (key: string): CallIdentity | null => {
  let texts: unknown;
  try {
    texts = JSON.parse(key);
  } catch {
    return null;
  }
  if (!Array.isArray(texts) || texts.length < 5 || texts.some((text) => typeof text !== "string")) return null;
  const [provider, requestModel, responseModel, promptName, promptVersion] = texts as string[];
  return {
    provider: provider ?? "",
    requestModel: requestModel ?? "",
    responseModel: responseModel ?? "",
    promptName: promptName ?? "",
    promptVersion: promptVersion ?? "",
  };
};

/** The key of an identity. */
export const identityKey = ({
  provider,
  requestModel,
  responseModel,
  promptName,
  promptVersion,
}: CallIdentity): string => JSON.stringify([provider, requestModel, responseModel, promptName, promptVersion]);
