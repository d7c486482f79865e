import { LeewayError } from "../../core/errors.ts";
import { keyHeaderOf } from "../../formats/ask-again/key-header.ts";
import { modelFamily } from "../../formats/history/model-family.ts";
import { ASKED_PROVIDERS, type AskedProvider, type AskedProviderName } from "../../formats/questions/providers.ts";
import type { WireFormat } from "../../formats/wire/wire-format.ts";
import { WIRE_FORMATS } from "../../formats/wire/wire-formats.ts";
import { isLoopback } from "../../http/listen-address.ts";
import { unknownName } from "../config/problem.ts";

/** Whom a run asks. */
export interface AskedModel {
  readonly name: AskedProviderName;
  readonly provider: AskedProvider;
  readonly model: string;
  /** The endpoint. */
  readonly url: string;
  /** With the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** How its answers are read. */
  readonly format: WireFormat;
}

/** What a person says of whom to ask. */
export interface AskedChoice {
  readonly model: string;
  readonly provider: string | null;
  readonly baseUrl: string | null;
  /** Name of the variable that holds the key; null = the provider's usual ones. */
  readonly keyVariable: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const invalid = (message: string): LeewayError => new LeewayError("config-invalid", message);

const isKnown = (name: string): name is AskedProviderName => Object.hasOwn(ASKED_PROVIDERS, name);

const NAMES = Object.keys(ASKED_PROVIDERS);

/** The provider that is named, or else whose a model's name is; a base URL alone is of something like OpenAI's. */
const nameOf = ({ provider, model, baseUrl }: AskedChoice): AskedProviderName => {
  if (provider !== null) {
    if (isKnown(provider)) return provider;
    throw invalid(`--provider: ${unknownName("provider", provider, NAMES)}`);
  }
  if (baseUrl !== null) return "openai-compatible";
  const family = modelFamily(model);
  if (family !== null) return family;
  if (/^command/i.test(model)) return "cohere";
  throw invalid(`--model ${model}: whose it is is not known; expected --provider with one of ${NAMES.join(", ")}`);
};

const baseOf = ({ baseUrl }: AskedChoice, name: AskedProviderName, environment: Environment): string => {
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const regional = name === "bedrock" && region ? `https://bedrock-runtime.${region}.amazonaws.com` : null;
  const base = baseUrl ?? ASKED_PROVIDERS[name].baseUrl ?? regional;
  const url = base === null ? null : URL.parse(base);
  if (base === null) {
    throw invalid(`--base-url: missing; expected where ${name} is${name === "bedrock" ? ", or AWS_REGION" : ""}`);
  }
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw invalid("--base-url: not usable; expected an http(s) URL without user, query and fragment");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
    throw invalid(
      "--base-url: http, which shows the key to everybody on the way; expected https, or an address of this machine",
    );
  }
  return base.replace(/\/+$/, "");
};

const BEDROCK_KEY = { variables: ["AWS_BEARER_TOKEN_BEDROCK"] };

/** The headers of the key. A model on this machine, and whatever is only like OpenAI's, may need none. */
const keyOf = (choice: AskedChoice, name: AskedProviderName, url: string, environment: Environment) => {
  const { provider, format } = ASKED_PROVIDERS[name];
  const { headers, ...usual } = keyHeaderOf(provider, format);
  const { variables } = name === "bedrock" ? BEDROCK_KEY : usual;
  const wanted = choice.keyVariable === null ? variables : [choice.keyVariable];
  const key = wanted.map((variable) => environment[variable]).find((value) => value !== undefined && value !== "");
  if (key !== undefined) return headers(key);
  const isNeeded = choice.keyVariable !== null || (name !== "ollama" && name !== "openai-compatible");
  if (isNeeded && !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ""))) {
    throw invalid(`${wanted.join(" or ")}: not set in the environment; expected the key of ${name}`);
  }
  return {};
};

/** Whom to ask, and how. Throws LeewayError `config-invalid`; a key is in no message. */
export const askedModel = (choice: AskedChoice, environment: Environment): AskedModel => {
  const name = nameOf(choice);
  const provider = ASKED_PROVIDERS[name];
  const format = WIRE_FORMATS.find((each) => each.name === provider.format);
  if (format === undefined) throw new Error(`no wire format ${provider.format}`);
  const url = `${baseOf(choice, name, environment)}${provider.path(choice.model)}`;
  return { name, provider, model: choice.model, url, format, headers: keyOf(choice, name, url, environment) };
};
