import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FeatureName } from "../../core/features.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { textFeatures } from "../../features/text-features.ts";

const features = (text: string) => textFeatures(text).features;
const labels = (text: string) => textFeatures(text).labels;

/** Text, feature, and what it is there. */
const CASES: readonly (readonly [FeatureName, string, number])[] = [
  ["words", "It's three words, isn't it", 5],
  ["words", "日本語です", 5],
  ["words", "", 0],
  ["sentences", "One. Two! Three? And version 1.5 is no end", 3],
  ["sentences", "これは一つ。二つ。", 2],
  ["sentences", "no stop at all", 1],
  ["lines", "a\n\nb\n  \nc", 3],
  ["paragraphs", "a\nb\n\nc", 2],
  ["option_start", "[Yes] because", 1],
  ["option_start", "(B) because", 1],
  ["option_start", "C) because", 1],
  ["option_start", "A", 1],
  ["option_start", "A cat sat.", 0],
  ["one_line", "one line\n", 1],
  ["very_short", "yes", 1],
  ["very_short", "this is not a very short answer", 0],
  ["no_final_punctuation", "it goes on and", 1],
  ["no_final_punctuation", "It ends here.", 0],
  ["no_final_punctuation", "終わりです。", 0],
  ["starts_with_fence", "```\na\n```", 1],
  ["text_before_fence", "Here:\n```\na\n```", 1],
  ["text_after_fence", "```\na\n```\nDone.", 1],
  ["text_after_fence", "```\na\n```\n\n", 0],
  ["headings", "## Steps\ntext", 1],
  ["headings", "#hashtag", 0],
  ["headings", "```\n# a comment in code\n```", 0],
  ["bullets", "- a\n- b", 1],
  ["bullet_items", "Three:\n- a\n- b\n- c", 3],
  ["numbered_items", "1. a\n2. b\n3. c\n4. d", 4],
  ["bullets", "- a dash, once", 0],
  ["numbered", "1. a\n2. b", 1],
  ["numbered", "1984. It was a year.", 0],
  ["tables", "| a | b |\n| - | - |\n", 1],
  ["bold", "this is **bold**", 1],
  ["bold", "2 ** 3 and 4 ** 5\n", 1],
  ["links", "see [here](https://example.com)", 1],
  ["links", "a[0] (first)", 0],
  ["as_an_ai", "As an AI language model, I see.", 1],
  ["apology", "I apologise for that.", 1],
  ["apology", "Fine.", 0],
  ["hedging", "It might rain.", 1],
  ["preamble", "Sure! Here it is.", 1],
  ["preamble", "Surely not.", 0],
  ["preamble", "¡Claro! Aquí está.", 0],
  ["preamble", "Claro, aquí está.", 1],
  ["closing_offer", "42. Let me know if you need more!", 1],
  ["closing_offer", "42. They offer more help on Mondays.", 0],
  ["closing_offer", "42. Don’t hesitate to ask.", 1],
  ["ends_with_question", "Which one?", 1],
  ["ends_with_question", "Which one? This one.", 0],
  ["ends_with_question", "どれですか？", 1],
  ["first_person", "I think so", 1],
  ["first_person", "i/o is slow", 1],
  ["first_person", "It is in the list", 0],
  ["exclamation", "Great!", 1],
  ["curly_apostrophes", "it’s", 1],
  ["curly_apostrophes", "it's", 0],
  ["em_dashes", "this — that", 1],
  ["number_words", "there are Three of them", 1],
  ["number_words", "there are 3", 0],
  ["digit_share", "1234abcd", 0.5],
  ["non_ascii_share", "äbcd", 0.25],
  ["longest_run", "no no no no way", 4],
  ["longest_run", "aaaaaaa", 7],
  ["longest_run", "==========", 0],
];

describe("features of the text", () => {
  it.each(CASES)("%s of %j is %d", (name, text, expected) => {
    expect(features(text)[name] ?? 0).toBe(expected);
  });

  it.each([
    ["[No]", "option"],
    ["yes", "word"],
    ["Delivery takes three to five days.", "line"],
    ["```js\nx\n```", "code"],
    ['{"a":1}', "json"],
    ['[{"a":1}]', "json"],
    ["First:\n- one thing\n- another thing", "list"],
    ["Two paragraphs.\n\nOf plain prose.", "prose"],
  ])("the form of %j is %s", (text, form) => {
    expect(labels(text).answer_form).toBe(form);
  });

  it.each([
    ["The answer is that you can change it in your settings.", "en", "latin"],
    ["La respuesta es que puede cambiarlo en los ajustes.", "es", "latin"],
    ["Vous pouvez le changer dans les paramètres de votre compte.", "fr", "latin"],
    ["Das können Sie in den Einstellungen ändern, wenn es nicht passt.", "de", "latin"],
    ["Dat kunt u niet in de app, maar wel op de site.", "nl", "latin"],
    ["Nie można tego zmienić w aplikacji, ale to jest na stronie.", "pl", "latin"],
    ["Bạn có thể thay đổi trong phần cài đặt của tài khoản.", "vi", "latin"],
    ["Вы можете изменить это в настройках.", "ru", "cyrillic"],
    ["Ви можете змінити це в налаштуваннях її профілю.", "uk", "cyrillic"],
    ["يمكنك تغيير ذلك في الإعدادات.", "ar", "arabic"],
    ["設定で変更できます。", "ja", "kana"],
    ["您可以在设置中更改。", "zh", "han"],
    ["설정에서 변경할 수 있습니다.", "ko", "hangul"],
    ["42", undefined, undefined],
    ["OK", undefined, "latin"],
  ])("the language of %j is %s", (text, language, script) => {
    expect(labels(text).language).toBe(language);
    expect(labels(text).script).toBe(script);
  });

  it("rates plain prose easier to read than officialese", () => {
    const plain = "The cat sat on the mat. It was warm. The sun was out. She fell asleep in it. All was well there.";
    const official =
      "Notwithstanding aforementioned considerations, administrative authorities subsequently implemented comprehensive " +
      "organisational restructuring measures throughout participating jurisdictions, necessitating interdepartmental coordination. ";
    expect(features(plain).readability ?? 99).toBeLessThan((features(official.repeat(2)).readability ?? 0) - 10);
    expect(features("設定で変更できます。".repeat(10)).readability).toBeUndefined();
  });
});

const PROSE =
  "You can change the address in your account settings, and the next invoice will show it. Orders that are already on " +
  "their way keep the old one; please check the tracking page first, then contact our team if the parcel is late.";

describe("degeneration", () => {
  it.each([
    ["ordinary prose", PROSE, 0],
    ["a sentence over and over", "I am here to help you today. ".repeat(40), 1],
    ["one word over and over", `The answer is ${"very ".repeat(30)}good.`, 1],
    ["one letter over and over", `Hm${"m".repeat(40)}`, 1],
    [
      "a soup of scripts",
      "kata 結果 слово كلمة שלום word 単語 مرحبا вода ".repeat(6).split(" ").slice(0, 40).join(" "),
      1,
    ],
    ["Japanese with Latin words", "設定の Account から Email を変更できます。次に Save を押してください。", 0],
    ["a short answer", "Yes yes.", 0],
  ])("of %s", (_what, text, expected) => {
    expect(features(text).degenerate).toBe(expected);
  });

  it("is not seen in a long list, a table or code", () => {
    const items = Array.from(
      { length: 30 },
      (_, n) => `- item ${n}: the ${["red", "green", "blue"][n % 3]} one of shelf ${n * 7}`,
    );
    expect(features(items.join("\n")).degenerate).toBe(0);
  });
});

describe("compressibility", () => {
  it("is unknown for short texts", () => expect(features("short").compressibility).toBeUndefined());

  it("ranks texts by their repetition as zlib does", () => {
    const random = seededRandom(7);
    const word = () => Math.floor(random() * 36 ** 5).toString(36);
    const sentence = () => `${Array.from({ length: 8 }, word).join(" ")}. `;
    const texts = [0, 0.2, 0.4, 0.6, 0.8, 1].map((repeated) =>
      Array.from({ length: 40 }, () => (random() < repeated ? PROSE.slice(0, 44) : sentence())).join(""),
    );
    const ours = texts.map((text) => features(text).compressibility ?? 0);
    const zlib = texts.map((text) => deflateRawSync(text).length / text.length);
    const order = (sizes: readonly number[]) =>
      sizes.map((_, at) => at).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
    expect(order(ours)).toEqual(order(zlib));
  });
});
