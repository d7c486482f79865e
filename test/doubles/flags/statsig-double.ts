import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type CallLimit, callLimit, callLimits } from "./call-limit.ts";
import { type SgGate, type SgWorld, sgSpecs, sgWorld } from "./statsig-state.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

const conditionSchema = z.strictObject({
  type: z.enum([
    "public",
    "user_id",
    "email",
    "custom_field",
    "environment_tier",
    "passes_gate",
    "fails_gate",
    "unit_id",
    "country",
  ]),
  targetValue: z.array(z.string()).optional(),
  operator: z.string().optional(),
  field: z.string().optional(),
  customID: z.string().optional(),
});
const ruleSchema = z.strictObject({
  name: z.string().min(1),
  passPercentage: z.number().min(0).max(100),
  conditions: z.array(conditionSchema),
  environments: z.array(z.enum(["production", "staging", "development"])).optional(),
  id: z.string().optional(),
  baseID: z.string().optional(),
});

/** A Statsig project. */
export interface StatsigDouble extends VendorDouble {
  readonly token: string;
  readonly readerToken: string;
  readonly serverKey: string;
  readonly world: () => SgWorld;
  /** A person changes the gate. */
  readonly change: (id: string, act: (gate: SgGate) => void) => void;
  readonly limit: CallLimit;
  readonly settings: { reviews: boolean };
  readonly restart: () => void;
  readonly writes: () => number;
}

const refuse = (status: number, message: string, errors?: object[]): VendorDoubleReply => ({
  status,
  body: { status, message, ...(errors === undefined ? {} : { errors }) },
});

/** Starts it. */
export const startStatsigDouble = async (now: () => number): Promise<StatsigDouble> => {
  const [token, readerToken, serverKey] = ["console-wR1te9O92sGD", "console-r3ad0nly1x", "secret-9O92sGDe"];
  let [world, writes] = [sgWorld(), 0];
  const settings = { reviews: false };
  const limit = callLimits(callLimit(100, 10_000, now), callLimit(900, 15 * 60_000, now));

  const touch = (gate: SgGate, who: string): void => {
    gate.lastModifiedTime = Math.max(now(), gate.lastModifiedTime + 1);
    gate.lastModifierName = who;
  };
  const changed = (gate: SgGate): VendorDoubleReply => {
    touch(gate, "CONSOLE API");
    writes += 1;
    return { status: 200, body: { message: "Gate updated successfully.", data: structuredClone(gate) } };
  };

  const patchRule = (gate: SgGate, id: string, body: unknown): VendorDoubleReply => {
    const rule = gate.rules.find((each) => each.baseID === id || each.id === id);
    if (rule === undefined) return refuse(404, "Rule not found.");
    const parsed = ruleSchema.safeParse(body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({
        property: path.join("."),
        errorMessage: message,
      }));
      return refuse(400, "Bad Request Exception", errors);
    }
    const { name, passPercentage, conditions, environments } = parsed.data;
    const before = structuredClone(rule);
    // exactOptionalPropertyTypes: what is left out stays out
    Object.assign(rule, { name, passPercentage, conditions, ...(environments === undefined ? {} : { environments }) });
    rule.id = `${rule.baseID}:${passPercentage.toFixed(2)}:1`;
    if (isDeepStrictEqual(before, rule))
      return { status: 200, body: { message: "Gate updated successfully.", data: gate } };
    return changed(gate);
  };

  const write = ({ method, path, body }: VendorDoubleRequest, gate: SgGate): VendorDoubleReply => {
    if (!limit.take()) return refuse(429, "Too many requests");
    if (settings.reviews) return refuse(403, "This gate requires a review before it can be changed.");
    const rest = path.slice(`/console/v1/gates/${gate.id}/`.length);
    const rule = /^rules\/(.+)$/.exec(rest)?.[1];
    if (method === "PATCH" && rule !== undefined) return patchRule(gate, rule, body);
    if (method !== "PUT" || body !== undefined || (rest !== "enable" && rest !== "disable"))
      return refuse(404, "Cannot find it");
    const isEnabled = rest === "enable";
    if (gate.isEnabled === isEnabled)
      return { status: 200, body: { message: "Gate updated successfully.", data: gate } };
    gate.isEnabled = isEnabled;
    return changed(gate);
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const { method, path, headers } = request;
    if (path.includes("/download_config_specs"))
      return {
        status: 200,
        body: sgSpecs(world, Math.max(...Object.values(world.gates).map((gate) => gate.lastModifiedTime))),
      };
    if (path.endsWith("/get_id_lists")) return { status: 200, body: {} };
    if (path.endsWith("/log_event") || path.endsWith("/rgstr")) return { status: 202, body: { success: true } };
    const key = headers["statsig-api-key"];
    if (key !== token && key !== readerToken)
      return refuse(401, `This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: ${key}`);
    const id = /^\/console\/v1\/gates\/([^/]+)/.exec(path)?.[1] ?? "";
    const gate = Object.hasOwn(world.gates, id) ? world.gates[id] : undefined;
    if (gate === undefined) return refuse(404, "Gate not found.");
    if (method === "GET" && path.endsWith("/overrides"))
      return {
        status: 200,
        body: { message: "Gate overrides read successfully.", data: structuredClone(world.overrides[id]) },
      };
    if (method === "GET")
      return { status: 200, body: { message: "Gate read successfully.", data: structuredClone(gate) } };
    if (key === readerToken) return refuse(403, "This API key does not have permission to perform this action");
    return write(request, gate);
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const [copy, before] = [structuredClone(world), writes];
      return () => {
        [world, writes] = [copy, before];
      };
    },
  });
  return {
    ...double,
    token,
    readerToken,
    serverKey,
    world: () => world,
    change: (id, act) => {
      const gate = world.gates[id];
      if (gate === undefined) throw new Error(`no gate ${id}`);
      act(gate);
      touch(gate, "ana");
    },
    limit,
    settings,
    writes: () => writes,
    restart: () => {
      world = sgWorld();
      limit.clear();
      settings.reviews = false;
      double.behave("work");
    },
  };
};
