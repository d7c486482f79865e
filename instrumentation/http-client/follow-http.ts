import type { ClientRequest } from "node:http";
import type { CallObserver } from "../fetch/call-observer.ts";
import { createTargets } from "../fetch/match-request.ts";
import { hear } from "../hear.ts";
import { followRequest } from "./follow-request.ts";

/** Published by Node for every request of node:http and node:https, before whoever made it has it. */
const CREATED = "http.client.request.created";

const urlText = (request: ClientRequest): string =>
  request.path.startsWith("/")
    ? `${request.protocol}//${request.getHeader("host") ?? request.host}${request.path}`
    : request.path;

/**
 * Follows the model calls made by node:http and node:https, which is what axios, got, superagent, node-fetch and older
 * SDKs use. Nothing of these modules is replaced; nothing is done for requests that are no model calls.
 */
export const followHttp = (observer: CallObserver): void => {
  const targetOf = createTargets();
  const created = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.method !== "POST") return;
    const target = targetOf(urlText(request));
    if (target !== null) followRequest(request, target, observer);
  };
  hear(CREATED, observer, created);
};
