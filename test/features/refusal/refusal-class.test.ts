import { describe, expect, it } from "vitest";
import type { RefusalClass } from "../../../core/span-row.ts";
import type { Answer } from "../../../features/answer.ts";
import { refusalClass } from "../../../features/refusal/refusal-class.ts";

const answer = (text: string | null, more: Partial<Answer> = {}): Answer => ({
  ...{ text, chars: text?.length ?? 0, refusal: null, finishReason: "stop", toolCalls: [] },
  ...more,
});
const classOf = (text: string): RefusalClass => refusalClass(answer(text));

const ADVICE =
  " rest is usually the first thing to try, together with plenty of water and light meals. Over-the-counter medicine may " +
  "help with pain or fever. Keep a note of how long it lasts and how strong it is, and see somebody in person if it does " +
  "not get better within a few days or if it suddenly becomes much worse.";

const ENGLISH: readonly (readonly [RefusalClass, string])[] = [
  ["hard", "I'm sorry, but I can't help with that."],
  ["hard", "I’m sorry, but I can’t assist with that request."],
  ["hard", "Sorry, I cannot provide instructions for that."],
  ["hard", "I cannot fulfill this request."],
  ["hard", "I can't help with that. If you are struggling, please reach out to someone you trust."],
  ["hard", "I won't write that for you."],
  ["hard", "I'm unable to assist with creating malware."],
  ["hard", "I am not able to generate content of that kind."],
  ["hard", "As an AI language model, I cannot engage in hate speech."],
  ["hard", "I must decline this request."],
  ["hard", "That's not something I can help with."],
  ["hard", "Unfortunately, I can't share personal information about private individuals."],
  ["hard", "This request goes against my guidelines."],
  ["hard", "No, I will not do that."],
  ["hard", "I understand this is frustrating, but I can't help you bypass the lock."],
  ["hard", "**I’m sorry**, but I _can’t_ help with that."],
  ["hard", "I\u00a0can’t\u00a0help\u00a0with\u00a0that."],
  ["hard", "I don't provide medical diagnoses."],
  ["hard", "Hi there! Thanks for asking. Unfortunately, I can’t discuss that topic."],
  ["hard", "\"I'm sorry, but I can't help with that.\""],
  ["inability", "I don't have access to real-time information."],
  ["inability", "I do not have enough context to answer this question."],
  ["inability", "I'm sorry, but I can't browse the internet."],
  ["inability", "I can't provide real-time stock prices."],
  ["inability", "Unfortunately, I'm unable to open the attached file."],
  ["inability", "I don’t know the answer to that."],
  ["inability", "The passage does not mention the year of her birth."],
  ["inability", "There is not enough information in the text to answer."],
  ["inability", "My knowledge cutoff is October 2023, so recent events are missing."],
  ["inability", "As an AI, I don't have the ability to make phone calls."],
  ["inability", "I have no information about your order."],
  ["soft", "This question is subjective and depends on personal preference."],
  ["soft", "As an AI language model, I don't have personal opinions."],
  ["soft", "It is not appropriate to make generalizations about a group of people."],
  ["soft", "I'd rather not speculate about that."],
  ["soft", "There is no right or wrong answer to this."],
  ["soft", "I can only help with questions about our shop."],
  ["partial", `I can't give medical advice, but here are some general suggestions:${ADVICE}`],
  ["partial", `As an AI, I don't have personal experiences. However, in general${ADVICE}`],
  ["reframe", "Instead of ways to get revenge, let's look at how you could talk to your neighbour calmly."],
  ["clarify", "Could you please clarify what you mean by the second item?"],
  ["clarify", "I'd be happy to help! Can you provide more details about the error?"],
  ["clarify", "What exactly do you mean by large?"],
  ["clarify", "It looks like you forgot to include the text. Please share the text you want translated."],
];

const ORDINARY: readonly string[] = [
  "You can reset your password from the settings page.",
  "Delivery takes three to five days.",
  "I can't wait to see what you build!",
  "I cannot recommend this book enough; it changed how I cook.",
  "I can't help but admire the structure of this poem.",
  "You can't go wrong with a simple vinaigrette.",
  "I'm sorry to hear that your parcel is late. Please check the tracking page first.",
  "Sorry for the confusion! The total is 42.",
  "Sorry about that. Here is the corrected code.",
  "If you can't help a colleague, ask somebody else to step in.",
  "Users who cannot provide a receipt get store credit.",
  "The function returns null when the server is unable to assist with the lookup.",
  'He said "I can\'t help with that" and closed the shop.',
  "```js\n// I cannot help with that\n```\nThis prints nothing.",
  "Certainly! Here's a short story. The knight said that he would not give up.",
  "Error messages such as 'access denied' mean that the token has expired.",
  "Paris is the capital of France.",
  '{"answer":"yes","reason":"I checked"}',
  "42",
  "",
  "It is important to note that prices vary by region.",
  "Would you like me to add tests as well?",
];

const OTHERS: readonly (readonly [RefusalClass, string])[] = [
  ["hard", "Lo siento, pero no puedo ayudarte con eso."],
  ["hard", "No puedo proporcionar esa información."],
  ["inability", "No tengo acceso a información en tiempo real."],
  ["soft", "Como modelo de lenguaje, no tengo opiniones personales."],
  ["clarify", "¿Podrías aclarar a qué pedido te refieres?"],
  ["none", "Lo siento, hubo un retraso. Su pedido llega mañana."],
  ["none", "¡No puedo esperar a ver el resultado!"],
  ["hard", "Je suis désolé, mais je ne peux pas vous aider avec cela."],
  ["hard", "Je ne suis pas en mesure de répondre à cette demande."],
  ["inability", "Je n’ai pas accès à Internet."],
  ["soft", "En tant qu’IA, je n’ai pas d’opinions personnelles."],
  ["none", "Désolé pour le retard. Votre colis arrive demain."],
  ["hard", "Es tut mir leid, aber ich kann Ihnen dabei nicht helfen."],
  ["hard", "Leider kann ich diese Anfrage nicht beantworten."],
  ["hard", "Dabei kann ich leider nicht behilflich sein."],
  ["inability", "Ich habe keinen Zugriff auf aktuelle Daten."],
  ["soft", "Als KI habe ich keine persönliche Meinung."],
  ["none", "Entschuldigung für die Verspätung. Ihr Paket kommt morgen."],
  ["none", "Das können Sie in den Einstellungen ändern."],
  ["hard", "Mi dispiace, ma non posso aiutarti con questa richiesta."],
  ["inability", "Non ho accesso a informazioni in tempo reale."],
  ["none", "Mi dispiace per il ritardo. Il pacco arriva domani."],
  ["hard", "Desculpe, mas não posso ajudar com isso."],
  ["inability", "Não tenho acesso a dados em tempo real."],
  ["none", "Sinto muito pelo atraso. O pedido chega amanhã."],
];

describe("refusalClass", () => {
  it.each(ENGLISH)("says %s of: %s", (expected, text) => {
    expect(classOf(text)).toBe(expected);
  });

  it.each(ORDINARY)("takes an ordinary answer for one: %s", (text) => {
    expect(classOf(text)).toBe("none");
  });

  it.each(OTHERS)("says %s in other languages of: %s", (expected, text) => {
    expect(classOf(text)).toBe(expected);
  });

  it("believes the provider first", () => {
    expect(refusalClass(answer("Here you are.", { refusal: "I can't do that." }))).toBe("hard");
    expect(refusalClass(answer("Half an ans", { finishReason: "content_filter" }))).toBe("hard");
    expect(refusalClass(answer(null, { finishReason: "refusal" }))).toBe("hard");
  });

  it("knows nothing of an answer without text", () => {
    expect(refusalClass(answer(null, { finishReason: "tool_calls" }))).toBe("");
  });

  it("only looks at the beginning: a refusal quoted far inside an answer is none", () => {
    expect(classOf(`${"The report lists every step in detail. ".repeat(20)}I can't help with that.`)).toBe("none");
  });
});
