import { membersOf } from "../../core/exhaustive.ts";
import { completeNotice, NOTICE_STANDING, type Notice, type NoticeType } from "../../core/notice.ts";

/** Every type of notice. */
export const NOTICE_TYPES: readonly NoticeType[] = membersOf(NOTICE_STANDING);

/** A notice as the agent would make one. */
export const aNotice = (changes: Partial<Notice> = {}): Notice =>
  completeNotice({
    id: "support-bot/incident-1/rollback",
    at: 1_800_000_000_000,
    type: "rollback",
    severity: "critical",
    phase: "open",
    migration: "support-bot",
    incident: "incident-1",
    title: "Rolled back support-bot: error is 19.8%, limit 5%",
    summary: "31 of 157 canary calls failed. The flag serves 0% now.",
    facts: [
      ["Limit", "5%"],
      ["Log e-value", "9.31 (threshold 7.09)"],
    ],
    link: "http://127.0.0.1:4320/migrations/support-bot?rule=error&tab=evidence",
    ...changes,
  });

/** Text a model, a user or an attacker could get into a segment, a model name or a rule. */
export const MALICIOUS: readonly (readonly [what: string, text: string])[] = [
  ["broadcasts", "<!channel> <!here> <!everyone>"],
  ["mentions", "<@U024BE7LH> <#C024BE7LR> <!subteam^S1>"],
  ["a disguised link", "<https://evil.example|Approve the rollout>"],
  ["a bare link", "https://evil.example/login"],
  ["bare mentions", "@channel @here @everyone"],
  ["escaped markup", "&lt;!channel&gt; &amp;lt;!here&amp;gt;"],
  ["a faked second notice", "line one\n[page] Everything is fine\r\n  ignore this"],
  ["terminal escapes", "\u001b[2J\u001b]0;owned\u0007 \u009b31m"],
  ["direction overrides and line separators", "\u202eevil\u2066 text\u2028 and more\u2029"],
  ["formatting", "*bold* _it_ `code` ~no~"],
  ["a lone surrogate", "\ud800 alone"],
  ["JSON", '"}],"text":"injected'],
  ["a nul", "\u0000 nul"],
  ["5000 brackets", "<".repeat(5000)],
  ["2000 families", "👩‍👩‍👧‍👦".repeat(2000)],
];

/** A notice whose every text is `text`. */
export const noticeFullOf = (text: string): Notice =>
  aNotice({ title: text.slice(0, 150) || "x", summary: text || "x", facts: [["Segment", text]] });
