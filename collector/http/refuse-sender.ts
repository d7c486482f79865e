import type { IncomingHttpHeaders } from "node:http";
import { bearerToken, isAuthorised } from "../../http/is-authorised.ts";

/** Why a sender without the collector's token is refused; null where it has it, or none is asked for. */
export const refuseSender = ({ authorization }: IncomingHttpHeaders, token: string | null): string | null =>
  isAuthorised(bearerToken(authorization), token)
    ? null
    : "wrong or missing token; expected the header Authorization: Bearer <collector.token>";
