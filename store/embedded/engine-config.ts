import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quoteName } from "../quote.ts";
import { HIDDEN_TABLES } from "./reader/reader-tables.ts";

/** Roles of the engine; each job takes one. */
export type Role = "admin" | "reader";

/**
 * Settings that name files or other machines, fixed to what they are for everybody: with `output_format_schema` a
 * format writes a file, the others read one or ask a registry.
 */
const FIXED: readonly string[] = [
  "format_schema",
  "format_schema_source",
  "format_schema_message_name",
  "output_format_schema",
  "format_avro_schema_registry_url",
  "output_format_avro_confluent_subject",
  "format_template_row",
  "format_template_resultset",
  "input_format_record_errors_file_path",
  "into_outfile_create_parent_directories",
  "rename_files_after_processing",
  "url_base",
  "allow_introspection_functions",
  "allow_experimental_eval_table_function",
  "dialect",
];

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const constraints = FIXED.map((name) => `<${name}><const/></${name}>`).join("");

const policies = HIDDEN_TABLES.map(
  (table) => `<${table}><filter>has(currentRoles(), 'admin')</filter></${table}>`,
).join("");

/**
 * The users file of the engine. It knows one user, under whom every connection of the binding runs, and has no
 * impersonation: what a job may do is a matter of the role it takes first. The reader's may look at `databases` and
 * nothing else; the rows of most system tables are nobody's but the admin's.
 */
export const usersXml = (databases: readonly string[]): string => `<clickhouse>
  <users><default>
    <password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>
    <grants><query>GRANT admin</query><query>GRANT reader</query></grants>
    <databases><system>${policies}</system></databases>
  </default></users>
  <roles>
    <admin><grants><query>GRANT ALL ON *.*</query></grants></admin>
    <reader><grants>${databases
      .map((name) => `<query>${escapeXml(`GRANT SELECT, SHOW ON ${quoteName(name)}.*`)}</query>`)
      .join("")}</grants></reader>
  </roles>
  <profiles><default>
    <allow_introspection_functions>0</allow_introspection_functions>
    <constraints>${constraints}</constraints>
  </default></profiles>
  <quotas><default></default></quotas>
</clickhouse>
`;

/**
 * Writes the configuration of the engine into `dir`/config and returns the path of the file to start it with. A file is
 * named, so that the engine looks for none in the working directory, the home directory or /etc.
 */
export const writeEngineConfig = async (dir: string, databases: readonly string[]): Promise<string> => {
  const folder = join(dir, "config");
  await mkdir(folder, { recursive: true });
  const [server, users] = [join(folder, "server.xml"), join(folder, "users.xml")];
  await writeFile(users, usersXml(databases), { mode: 0o600 });
  await writeFile(
    server,
    `<clickhouse><users_config>${escapeXml(users)}</users_config>\n<remote_url_allow_hosts></remote_url_allow_hosts></clickhouse>\n`,
    { mode: 0o600 },
  );
  return server;
};
