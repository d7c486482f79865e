import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with a question: answers it, or something else. */
export type Doing =
  | {
      readonly is: "answer";
      readonly afterMs?: number;
      readonly tokens?: number;
      /** Log-probability of its one token; default: it says none. */
      readonly logprob?: number;
      /** What it says; default: `To <question>`. */
      readonly text?: string | null;
      readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
    }
  | {
      readonly is: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  | { readonly is: "hang" }
  | { readonly is: "garbage" }
  | { readonly is: "break" };

/** A provider on loopback that takes chat completions, and counts what it is asked. */
export interface ModelServer {
  readonly baseUrl: string;
  /** How often it answered each question (the last message's text). */
  readonly answered: ReadonlyMap<string, number>;
  /** How often it was asked each one. */
  readonly asked: ReadonlyMap<string, number>;
  /** Headers and bodies, as they came. */
  readonly requests: readonly {
    readonly headers: IncomingMessage["headers"];
    readonly body: Record<string, unknown>;
  }[];
  readonly close: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Record<string, unknown>;
};

const messageOf = (question: string, { text, calls }: Extract<Doing, { is: "answer" }>) => ({
  ...{ role: "assistant", content: text === undefined ? `To ${question}` : text },
  ...(calls === undefined
    ? {}
    : { tool_calls: calls.map((call, at) => ({ id: `c${at}`, type: "function", function: call })) }),
});

const answerTo = (message: object, model: unknown, { tokens = 5, logprob }: Extract<Doing, { is: "answer" }>) => ({
  ...{ id: "c-1", object: "chat.completion", model },
  choices: [
    {
      ...{ index: 0, finish_reason: "stop", message },
      ...(logprob === undefined ? {} : { logprobs: { content: [{ token: "To", logprob }] } }),
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: tokens, total_tokens: 10 + tokens },
});

/** Starts one; `doing` decides for a question, how often it was asked before, and the request's body. */
export const startModelServer = async (
  doing: (question: string, before: number, body: Readonly<Record<string, unknown>>) => Doing,
): Promise<ModelServer> => {
  const [asked, answered] = [new Map<string, number>(), new Map<string, number>()];
  const requests: { headers: IncomingMessage["headers"]; body: Record<string, unknown> }[] = [];
  const count = (counts: Map<string, number>, question: string): number => {
    const before = counts.get(question) ?? 0;
    counts.set(question, before + 1);
    return before;
  };
  const send = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    requests.push({ headers: request.headers, body });
    const messages = body.messages as { readonly content: string }[];
    const question = messages.at(-1)?.content ?? "";
    const what = doing(question, count(asked, question), body);
    switch (what.is) {
      case "status":
        return send(response, what.status, what.body ?? "", what.headers);
      case "garbage":
        return send(response, 200, "<html>");
      case "break":
        return void response.destroy();
      case "hang":
        return;
      default:
        setTimeout(() => {
          count(answered, question);
          send(response, 200, answerTo(messageOf(question, what), body.model, what));
        }, what.afterMs ?? 0);
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...{ baseUrl: `http://127.0.0.1:${port}/v1`, answered, asked, requests },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
