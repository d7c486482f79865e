import { SILENT_LOG } from "../core/log.ts";
import { keepReaderPassword } from "../store/embedded/reader-password.ts";
import { READER } from "../store/embedded/users.ts";

/**
 * Address of the embedded engine on `port`, with user and password of its reader. The password is made in `dir`, the
 * agent's `store.dir`, when the agent was not started yet.
 */
export const readerUrl = async (dir: string, port: number): Promise<string> =>
  `http://${READER}:${await keepReaderPassword(dir, SILENT_LOG)}@127.0.0.1:${port}`;
