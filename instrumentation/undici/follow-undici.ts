import type { CallObserver } from "../fetch/call-observer.ts";
import { createTargets } from "../fetch/match-request.ts";
import { hear } from "../hear.ts";
import type { TellUnseen } from "../unseen-clients.ts";
import { FollowedDispatch, type UndiciRequest, type UndiciResponse } from "./followed-dispatch.ts";

interface Message {
  readonly request: UndiciRequest;
  readonly response: UndiciResponse;
  readonly chunk: unknown;
  readonly error: unknown;
}

/** What each of undici's channels says of a request that is followed. */
const NEWS: Readonly<Record<string, (followed: FollowedDispatch, message: Message) => void>> = {
  "undici:request:bodyChunkSent": (followed, { chunk }) => followed.sent(chunk),
  "undici:request:bodySent": (followed) => followed.sentAll(),
  "undici:request:headers": (followed, { response }) => followed.answered(response),
  "undici:request:bodyChunkReceived": (followed, { chunk }) => followed.came(chunk),
  "undici:request:trailers": (followed) => followed.ended(),
  "undici:request:error": (followed, { error }) => followed.failed(error),
};

/**
 * Follows the model calls of every undici in the process, by its diagnostics channels: its `request`, `stream`, `pipeline`
 * and `dispatch`, and its own `fetch`. Node's `fetch` tells of itself there as well; what is sent `inside` a call that is
 * followed already is not followed again.
 */
export const followUndici = (observer: CallObserver, tellUnseen: TellUnseen): void => {
  const unread = (host: string): void =>
    tellUnseen("undici before 7.12", host, "its answers are not known; a newer undici tells of them");
  const targetOf = createTargets();
  const known = new WeakMap<object, FollowedDispatch>();
  const hearUndici = (channel: string, heard: (message: Message) => void): void =>
    hear(channel, observer, (message) => heard(message as Message));
  hearUndici("undici:request:create", ({ request }) => {
    if (request.method !== "POST" || observer.isInside()) return;
    const target = targetOf(`${request.origin}${request.path}`);
    if (target !== null) known.set(request, new FollowedDispatch(request, target, { observer, unread }));
  });
  for (const [channel, news] of Object.entries(NEWS)) {
    hearUndici(channel, (message) => {
      const followed = known.get(message.request);
      if (followed !== undefined) news(followed, message);
    });
  }
};
