import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { LeewayError } from "../../core/errors.ts";
import { passwordPath, readReaderPassword } from "../../store/embedded/reader-password.ts";
import { READER } from "../../store/embedded/users.ts";

/** How the embedded engine is read; the document that `leeway reader --json` prints. */
export interface ReaderAccess {
  /** Null when `store.port` is 0: the agent takes another one at each start. */
  readonly url: string | null;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly passwordFile: string;
}

const accessOf = async (config: string): Promise<ReaderAccess> => {
  const { store } = loadStoreAccess(config, process.env);
  if (store.url !== "embedded") {
    throw new LeewayError(
      "config-invalid",
      `store.url: ${URL.parse(store.url)?.origin ?? "this"} is a server, whose users are its own; create one that may SELECT from ${store.database}, as docs/storage.md shows`,
    );
  }
  const password = await readReaderPassword(store.dir);
  if (password === null) {
    throw new LeewayError(
      "store-unavailable",
      `store.dir: ${store.dir} holds no store yet; start the agent first, or name the right leeway.yaml with --config`,
    );
  }
  return {
    url: store.port === 0 ? null : `http://127.0.0.1:${store.port}`,
    database: store.database,
    user: READER,
    password,
    passwordFile: passwordPath(store.dir),
  };
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const render = ({ url, database, user, password, passwordFile }: ReaderAccess): string => {
  const address = url ?? "another one at each start, because store.port is 0; the log of the agent has it";
  const shown = url ?? "http://127.0.0.1:<port>";
  return `address   ${address}
database  ${database}
user      ${user}
password  ${password}

curl --user "${user}:$(cat ${quoted(passwordFile)})" ${shown} --data 'SELECT count() FROM llm_spans'

Grafana   ClickHouse datasource over HTTP, not secure: the host and port of the address, username ${user}, this
          password, default database ${database}; docs/grafana.md has it as a file
`;
};

/** `leeway reader`: how to read the embedded engine with curl and Grafana, the password included. */
export const reader = async (
  options: { readonly config: string; readonly json: boolean },
  print: (text: string) => void,
): Promise<0> => {
  const access = await accessOf(options.config);
  print(options.json ? `${JSON.stringify(access)}\n` : render(access));
  return 0;
};
