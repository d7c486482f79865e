// Lists every platform's optional binary packages in package-lock.json.
//
// npm writes a lock entry only for packages its registry carries. A mirror without, say, the macOS build of
// chdb yields a lock that `npm ci` calls out of sync. This script adds the missing entries (version, os, cpu,
// optional), so that one lock installs on every machine. `--check` changes nothing and exits 1 when one is missing.
import { readFileSync, writeFileSync } from "node:fs";

const OS = ["linux", "darwin", "win32", "android", "freebsd", "openbsd", "netbsd", "sunos", "aix", "openharmony"];
const CPU = ["x64", "arm64", "arm", "ia32", "ppc64", "s390x", "riscv64", "loong64", "mips64el", "wasm32"];

/** Reads os, cpu and libc from a binary package's name, e.g. `@chdb/lib-linux-x64-gnu`. */
const platformOf = (name) => {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => OS.includes(word));
  const cpu = words.filter((word) => CPU.includes(word));
  const libc = words.includes("musl") ? ["musl"] : words.includes("gnu") ? ["glibc"] : [];
  return { ...(cpu.length && { cpu }), ...(os.length && { os }), ...(libc.length && { libc }) };
};

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const missing = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${place}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[hoisted]) continue;
    missing.push(`${name}@${version} (wanted by ${place})`);
    lock.packages[hoisted] = { version, ...(entry.dev && { dev: true }), optional: true, ...platformOf(name) };
  }
}
if (missing.length === 0) {
  process.stdout.write("package-lock.json: every platform's optional packages are listed\n");
} else if (process.argv.includes("--check")) {
  process.stderr.write(`package-lock.json: missing ${missing.join(", ")}; run: node scripts/complete-lock.mjs\n`);
  process.exitCode = 1;
} else {
  const { "": root, ...rest } = lock.packages;
  lock.packages = {
    "": root,
    ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, "en"))),
  };
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`package-lock.json: added ${missing.length}: ${missing.join(", ")}\n`);
}
