import type { ErrorKind } from "../../core/error-kind.ts";
import type { ErrorFacts } from "./error-facts.ts";

type Words = readonly (readonly [kind: ErrorKind, pattern: RegExp])[];

/**
 * Codes, types and classes of errors by kind, the first that matches; compared in lower case, without what is no letter or digit, and of
 * a class its last name. The order matters: what is more particular stands first.
 */
const CODES: Words = [
  // OpenAI insufficient_quota, billing_hard_limit_reached; Anthropic billing_error; Bedrock ServiceQuotaExceededException.
  [
    "quota",
    /insufficientquota|billing|quotaexceeded|creditbalance|insufficientfunds|insufficientcredits|paymentrequired/,
  ],
  // OpenAI content_policy_violation; Azure content_filter, ResponsibleAIPolicyViolation; LiteLLM ContentPolicyViolationError.
  ["content-policy", /contentfilter|contentpolicy|responsibleai|safety|moderation|prohibitedcontent|guardrail/],
  // OpenAI model_not_found; Azure DeploymentNotFound; Mistral invalid_model.
  ["model-not-found", /modelnotfound|invalidmodel|deploymentnotfound|unknownmodel|modelnotsupported|modelnotavailable/],
  // Anthropic overloaded_error; Bedrock ModelNotReadyException, ServiceUnavailableException; Gemini UNAVAILABLE.
  ["overload", /overload|unavailable|modelnotready|capacityreached|nocapacity/],
  // OpenAI rate_limit_exceeded, slow_down; Anthropic rate_limit_error; Bedrock ThrottlingException; Gemini RESOURCE_EXHAUSTED;
  // Mistral service_tier_capacity_exceeded.
  ["rate-limit", /ratelimit|throttl|toomanyrequests|resourceexhausted|slowdown|capacityexceeded/],
  ["timeout", /timeout|timedout|deadlineexceeded/],
  // A prompt that is too long is a request that is wrong, whatever its status.
  ["request", /contextlength|contextwindow|requesttoolarge|stringabovemax/],
  // OpenAI invalid_api_key; Anthropic authentication_error, permission_error; Google API_KEY_INVALID; Bedrock AccessDeniedException.
  [
    "auth",
    /apikey|authentication|unauthorized|unauthenticated|permission|accessdenied|^forbidden|unrecognizedclient|expiredtoken|invalidsignature|unsupportedcountry/,
  ],
  [
    "network",
    /connection|connecterror|networkerror|econn|enotfound|ehostunreach|enetunreach|epipe|eaiagain|underrsocket|fetcherror|remoteprotocol|certificate|tlscert|selfsigned|unabletoverify/,
  ],
  // OpenAI invalid_request_error; Gemini INVALID_ARGUMENT; Bedrock ValidationException; FastAPI extra_forbidden.
  [
    "request",
    /badrequest|invalidrequest|invalidargument|validation|unprocessable|unsupported|unknownparameter|missingrequired|extraforbidden|invalidvalue|invalidtype|invalidjson|failedprecondition|outofrange/,
  ],
  ["server", /internal|servererror|apierror|providererror|modelerror|modelstreamerror|serviceerror|badgateway/],
];

/** Of a request that is refused, what its message says it is refused for. */
const MESSAGES: Words = [
  ["quota", /credit balance is too low|exceeded your current quota|insufficient (?:credits|balance|funds)/i],
  [
    "model-not-found",
    /\bmodels?\b.{0,120}(?:does not exist|not found|is not found|identifier is invalid|isn.t supported|has been (?:deprecated|retired|decommissioned))|invalid model|unknown model|deployment for this resource does not exist|^model: (?!field|input)/i,
  ],
  ["content-policy", /content (?:management )?policy|content filter|safety (?:system|reasons|settings)|usage polic/i],
  ["auth", /api key not valid|invalid api (?:key|token)|location is not supported/i],
];

const BUSY = /overloaded|at capacity|no capacity|temporarily unavailable/i;

/** `openai.RateLimitError`, `rate_limit_error` and `x#RateLimit:http://…` as one word. */
const plain = (code: string): string =>
  (code.split(":")[0] ?? "")
    .replace(/^.*[.#](?=[A-Za-z])/, "")
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase();

const first = (words: Words, text: string): ErrorKind | null =>
  words.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** Words of ours for how a call ended (`error.type`). */
const OWN: Readonly<Record<string, ErrorKind>> = {
  ...{ timeout: "timeout", aborted: "aborted", incomplete: "incomplete", cancelled: "aborted", canceled: "aborted" },
  ...{ aborterror: "aborted", apiuseraborterror: "aborted", timeouterror: "timeout", notfound: "request" },
  ...{
    unreadable: "server",
    network: "network",
    notfounderror: "request",
    resourcenotfoundexception: "model-not-found",
  },
};

const kindOfCode = (code: string): ErrorKind | null => {
  if (/^[1-5]\d\d$/.test(code)) return kindOfStatus(Number(code));
  const word = plain(code);
  return (Object.hasOwn(OWN, word) ? OWN[word] : undefined) ?? first(CODES, word);
};

/** Statuses that say more than their hundred. A conflict or a failed dependency (409, 424, 425) is nothing that the request did. */
const STATUSES: ReadonlyMap<number, ErrorKind> = new Map([
  ...[401, 403, 407].map((status) => [status, "auth"] as const),
  [402, "quota"],
  ...[408, 504, 524].map((status) => [status, "timeout"] as const),
  ...[409, 424, 425].map((status) => [status, "server"] as const),
  [429, "rate-limit"],
  // Cohere: the input is blocked.
  [498, "content-policy"],
  // nginx: the client went away.
  [499, "aborted"],
  // Anthropic's own beside the standard one.
  ...[503, 529].map((status) => [status, "overload"] as const),
]);

const kindOfStatus = (status: number): ErrorKind | null =>
  status < 400 ? null : (STATUSES.get(status) ?? (status < 500 ? "request" : "server"));

/** Kinds that a class or type names in passing, and a status or a message may know better. */
const isVague = (kind: ErrorKind | null): boolean => kind === null || kind === "request" || kind === "server";

const refined = (kind: ErrorKind | null, message: string): ErrorKind => {
  if (kind === "request" || kind === null) return first(MESSAGES, message) ?? kind ?? "other";
  return kind === "server" && BUSY.test(message) ? "overload" : kind;
};

/**
 * The kind of a failure: what its codes say, where they say more than that something is wrong; else its status; else its
 * message. `other` where nothing tells.
 */
export const errorKindOf = ({ status, codes, message }: ErrorFacts): ErrorKind => {
  const said = codes.map(kindOfCode).filter((kind) => kind !== null);
  const telling = said.find((kind) => !isVague(kind));
  if (telling !== undefined) return telling;
  const byStatus = status === null ? null : kindOfStatus(status);
  return refined(byStatus ?? said[0] ?? null, message);
};
