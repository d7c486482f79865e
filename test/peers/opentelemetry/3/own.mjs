import * as api from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import * as leeway from "leeway";
import { run } from "../apps/own.mjs";

const exporter = new InMemorySpanExporter();
await run({ api, NodeSDK, exporter, processor: new SimpleSpanProcessor({ exporter }), leeway });
