import { subscribe } from "node:diagnostics_channel";
import { innerScope, scopeStorage } from "./scope.ts";
import { shield } from "./shield.ts";

/**
 * Opens a scope for every HTTP request this process serves, so that a flag evaluated while handling a request is known
 * to the calls made for it. The channel is published in the request's own async context, right before the server's
 * `request` event; entering there reaches exactly this request's handlers.
 */
export const openScopePerRequest = (): void => {
  const storage = scopeStorage();
  subscribe(
    "http.server.request.start",
    shield(() => storage.enterWith({ ...innerScope({}), parent: null }), undefined),
  );
};
