import { textOrJson } from "../../json/text-or-json.ts";
import type { Recorded } from "./recorded.ts";
import { structured } from "./recorded-values.ts";

/** A message spread over attributes, `<prefix>.<i><middle>.role` and so on, as one record each; at most 1,024. */
export const spreadMessages = (
  recorded: Recorded,
  prefix: string,
  { middle, call }: { readonly middle: string; readonly call: string },
): readonly unknown[] | undefined => {
  const found: unknown[] = [];
  for (let at = 0; at < 1024; at += 1) {
    const own = `${prefix}.${at}${middle}`;
    const get = (name: string): unknown => recorded.get(`${own}.${name}`);
    if (!recorded.has(`${own}.role`) && !recorded.has(`${own}.content`)) break;
    const calls: unknown[] = [];
    for (let nth = 0; nth < 64 && recorded.has(`${own}.tool_calls.${nth}${call}.name`); nth += 1)
      calls.push({
        id: get(`tool_calls.${nth}${call.replace(/\.function$/, "")}.id`),
        function: {
          name: get(`tool_calls.${nth}${call}.name`),
          arguments: textOrJson(get(`tool_calls.${nth}${call}.arguments`) ?? ""),
        },
      });
    const texts: unknown[] = [];
    for (let nth = 0; nth < 64 && recorded.has(`${own}.contents.${nth}.message_content.type`); nth += 1)
      texts.push({ type: "text", text: get(`contents.${nth}.message_content.text`) ?? "" });
    const content = get("content") ?? (texts.length > 0 ? texts : "");
    found.push({
      role: get("role"),
      content: structured(content) ?? content,
      ...(recorded.has(`${own}.tool_call_id`) ? { tool_call_id: get("tool_call_id") } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    });
  }
  return found.length > 0 ? found : undefined;
};
