import { createHash } from "node:crypto";
import { inProcessName } from "../../core/in-process-model.ts";
import type { PairKind } from "../../core/pair-row.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { embeddingsUrl } from "../../formats/ask-again/second-request.ts";
import { isHostAllowed, keyHeaders, type ShadowAccess } from "../../formats/ask-again/shadow-access.ts";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";
import { insidePair, type PairMark } from "../pair-scope.ts";
import type { AppEmbed } from "./app-functions.ts";
import { createAskEmbed, type NoLikeness } from "./ask-embed.ts";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { EmbedInProcess } from "./in-process.ts";
import { judgeBody, judgeLabels } from "./judge.ts";
import { cosineIn, cosineOf, embeddedTexts, embeddingsBody } from "./likeness.ts";
import type { SendAgain } from "./send-again.ts";

/** Two answers to one request, whose texts differ. */
export interface AskedPair extends PairMark {
  readonly plan: ShadowPlan;
  readonly kind: PairKind;
  /** Where the served call went, and the name of its format. */
  readonly url: URL;
  readonly format: string;
  /** JSON of the request. */
  readonly request: string;
  readonly texts: readonly [served: string, other: string];
}

/** What other models say of a pair; what they did not say is missing. */
export interface Opinion {
  readonly numbers: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What asking works with. */
export interface OpinionParts {
  readonly access: ShadowAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly send: SendAgain;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Monotonic ms. */
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => () => void;
  /** Asks a model that runs beside the app. */
  readonly embedInProcess: EmbedInProcess;
  /** The app's own function for texts of this migration; null = none. */
  readonly embedOf: (migration: string) => AppEmbed | null;
}

/** Asks who has to be asked; null = nobody. Never rejects. */
export type AskOpinions = (pair: AskedPair) => Promise<Opinion> | null;

interface Model {
  readonly model: string;
  readonly baseUrl: string | null;
  readonly key: string | null;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

const answerIn = (url: string, text: string): string | null =>
  wireFormatOf(new URL(url))?.readAnswer(text)?.answer?.text ?? null;

/** Asks embedding models and judges of the plans; each is left alone for a while where it fails. */
export const createOpinions = (parts: OpinionParts): AskOpinions => {
  const { access, env, send, random, tick, embedOf, embedInProcess } = parts;
  const askEmbed = createAskEmbed(parts);
  const breakers = new Map<string, Breaker>();
  const breakerOf = (address: string): Breaker => {
    const found = breakers.get(address) ?? createBreaker(tick);
    breakers.set(address, found);
    return found;
  };

  /** The text of the answer; null without one, or where it may not be asked. */
  const ask = async (pair: AskedPair, { key: name }: Model, address: string, text: string): Promise<string | null> => {
    const url = URL.parse(address);
    const format = url === null ? null : wireFormatOf(url);
    if (url === null || format === null || !isHostAllowed(url, pair.url, access)) return null;
    const headers = keyHeaders(url, format, name, access, env);
    const breaker = breakerOf(address);
    if (headers === null || breaker.isOpen()) return null;
    const sending = { url: url.href, headers, text, timeoutMs: pair.plan.timeoutMs, isRead: true };
    const answer = await insidePair({ ...pair, isOpinion: true }, () => send(sending));
    if (answer === null) breaker.failed();
    else breaker.succeeded();
    return answer;
  };

  const askEndpoint = async (pair: AskedPair, similarity: Model): Promise<number | NoLikeness> => {
    const address = embeddingsUrl(pair.format, pair.url, similarity.baseUrl);
    const answer =
      address === null ? null : await ask(pair, similarity, address, embeddingsBody(similarity.model, ...pair.texts));
    return (answer === null ? null : cosineIn(answer)) ?? "failed";
  };

  const askInProcess = async ({ texts, plan }: AskedPair, name: string): Promise<number | NoLikeness> => {
    const breaker = breakerOf(`in-process ${name}`);
    if (breaker.isOpen()) return "failed";
    const vectors = await embedInProcess(name, embeddedTexts(texts), plan.timeoutMs);
    if (vectors === "absent" || vectors === "busy") return vectors;
    const cosine = cosineOf(vectors);
    if (cosine === null) breaker.failed();
    else breaker.succeeded();
    return cosine ?? "failed";
  };

  /** Who is asked how alike the texts are: a function of the app before what the document says; null = nobody. */
  const askLikeness = (pair: AskedPair): Promise<number | NoLikeness> | null => {
    const embed = embedOf(pair.migration);
    if (embed !== null) return askEmbed(pair, embed, breakerOf(`embed ${pair.migration}`));
    const { similarity = null } = pair.plan;
    if (similarity === null) return null;
    const name = inProcessName(similarity.model);
    return name === null ? askEndpoint(pair, similarity) : askInProcess(pair, name);
  };

  const likeness = async (asked: Promise<number | NoLikeness>): Promise<Partial<Opinion>> => {
    const known = await asked;
    return typeof known === "number" ? { numbers: { similarity_semantic: known } } : { labels: { likeness: known } };
  };

  const judged = async (pair: AskedPair, judge: NonNullable<ShadowPlan["judge"]>): Promise<Partial<Opinion>> => {
    const address = `${judge.baseUrl.replace(/\/$/, "")}/chat/completions`;
    const [served, other] = pair.texts;
    const orders = [[served, other] as const, [other, served] as const];
    const texts = await Promise.all(
      orders.map(async (order) => {
        const answer = await ask(pair, judge, address, judgeBody(judge, pair.request, order));
        return answer === null ? null : answerIn(address, answer);
      }),
    );
    const labels = judgeLabels(judge, hashOf(judge.rubric ?? ""), [texts[0] ?? null, texts[1] ?? null]);
    return labels === null ? {} : { labels };
  };

  return (pair) => {
    const { judge = null } = pair.plan;
    if (pair.texts.some((text) => text.trim() === "")) return null;
    // Reruns are few, and what a judge makes of them says whether it may speak.
    const isJudged = judge !== null && (pair.kind === "rerun" || random() < judge.share);
    const alike = askLikeness(pair);
    const asked = [
      ...(alike === null ? [] : [likeness(alike)]),
      ...(isJudged && judge !== null ? [judged(pair, judge)] : []),
    ];
    if (asked.length === 0) return null;
    return Promise.all(asked.map((each) => each.catch((): Partial<Opinion> => ({})))).then((all) => ({
      numbers: Object.assign({}, ...all.map(({ numbers }) => numbers ?? {})),
      labels: Object.assign({}, ...all.map(({ labels }) => labels ?? {})),
    }));
  };
};
