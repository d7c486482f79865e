import type { RefusalLanguage } from "../language.ts";

/** Verbs whose first person "cannot" (`-amam`, `-emiyorum`, …) refuses. */
const TASKS =
  "(?:yardımcı ol|yardım ed|(?:cevap|yanıt|bilgi|tavsiye|destek|izin)(?: de)? ver|cevapla|yanıtla|sağla|ver|yaz|oluştur|üret|hazırla|yap|paylaş|getir|öner|katıl|tartış|karşıla|destekle|devam ed|gerçekleştir|sun)";
const LOOKUPS = "(?:eriş|gör|aç|oku|kontrol ed|doğrula|tahmin ed|bil|belirle|bul|göz at|ulaş|hatırla)";
const CANNOT = "y?[ae]m(?:am|em|ıyorum|iyorum|ayız|eyiz|ayacağım|eyeceğim)(?!\\p{L})";

/** Turkish. Inability is a suffix of the verb at the end of the clause. */
export const TURKISH: RefusalLanguage = {
  code: "tr",
  cue: /[ae]m(?:am|em|ıyorum|iyorum|ayız|eyiz|aya|eye)|(?:^| )(?:yok|bilmiyorum|değil|olmaz|redd|yerine|öznel|hassas|tartışmalı)|yor(?:\.|$)|misiniz|mısınız|misin|lütfen/,
  leadIn:
    /^(?:(?:üzgünüm|çok üzgünüm|özür dilerim|maalesef|ne yazık ki|kusura bakma(?:yın)?|bir (?:yapay zeka|dil)[^,.]{0,40} olarak|merhaba|teşekkür[^,.]{0,40}|anlıyorum),? ?(?:ama |ancak |fakat )?)(?<=[ ,])/,
  idioms: /(?:beklemek için sabırsızlan|sabırsızlıkla)[^.!?]{0,20}/g,
  clauseBreak: /,? (?:ama|ancak|fakat|bu yüzden|bu nedenle) /g,
  hard: [
    new RegExp(`(?:^| )${TASKS}${CANNOT}`, "u"),
    /(?:^| )redde(?:diyorum|tmek zorundayım|tmeliyim)/,
    /^bu (?:\p{L}+ )?(?:kurallarıma|politikalara|yönergelere) aykırı/u,
  ],
  inability: [
    new RegExp(`(?:^| )${LOOKUPS}${CANNOT}`, "u"),
    /(?:erişimim|bilgim|verim|yeteneğim|imkanım) (?:\p{L}+ )?(?:yok|bulunmuyor|değil)/u,
    /(?:^| )(?:bilmiyorum|emin değilim)(?!\p{L})/u,
    /yeterli (?:bilgi|bağlam|veri)(?:ye|ya|m)? (?:sahip değilim|yok)/,
    /^(?:metin|belge|bağlam|pasaj)(?:de|te|da|ta)? .{0,60}(?:belirtmiyor|bahsetmiyor|içermiyor|belirtilmemiş|yer almıyor)/,
  ],
  soft: [
    /kişisel (?:görüş|fikir|düşünce|duygu|inanç|tercih|fikr)\p{L}* (?:yok|sahip değilim|bulunmuyor)/u,
    /^bu (?:soru|konu)(?:\p{L}+)? (?:\p{L}+ )?(?:öznel|hassas|tartışmalı)/u,
    /(?:^| )(?:uygun|etik|doğru) (?:değildir|olmaz|değil)$/,
  ],
  pivot: /(?:^| )(?:ama|ancak|fakat|yine de|genel olarak|genellikle|işte|bununla birlikte)(?: |,)/,
  reframe: /^[^.!?]{3,120} yerine,? (?:size |sana )?[^.!?]{0,60}(?:konuşalım|öneririm|edebiliriz|deneyin|bakalım)/,
  clarify:
    /(?:açıklar|belirtir|netleştirir|verir|paylaşır) (?:mısınız|misiniz|mısın|misin)|(?:açıklayabilir|belirtebilir|netleştirebilir|verebilir|paylaşabilir) (?:mısınız|misiniz|mısın|misin)|ne demek istiyorsun|lütfen (?:daha fazla|netleştir|belirt)/,
};
