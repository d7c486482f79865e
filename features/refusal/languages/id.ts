import type { RefusalLanguage } from "../language.ts";

const TASKS =
  "(?:membantu|bantu|memberi|memberikan|menyediakan|menjawab|membuat|menulis|menghasilkan|memenuhi|membagikan|berbagi|mendiskusikan|membahas|merekomendasikan|menyarankan|berpartisipasi|melanjutkan|melakukan|mendukung|menawarkan|memproses|melayani|menyusun|memfasilitasi)";
const LOOKUPS =
  "(?:mengakses|melihat|membuka|menjelajah|menelusuri|memeriksa|membaca|menentukan|mengetahui|memprediksi|memastikan|mengonfirmasi|memverifikasi)";
const CANNOT =
  "(?:saya|aku|kami) (?:(?:mohon maaf|juga|saat ini|sayangnya) )?(?:tidak|tak|belum|nggak) (?:bisa|dapat|mampu|akan|boleh|bersedia|diizinkan(?: untuk)?|diperbolehkan(?: untuk)?|memungkinkan untuk)";

/** Indonesian. */
export const INDONESIAN: RefusalLanguage = {
  code: "id",
  cue: /\b(?:tidak|tak|belum|nggak|menolak|daripada|alih-alih|subjektif|sensitif|kontroversial|kurang|melanggar|bertentangan|memilih|bisakah|dapatkah|tolong|mohon|maksud)/,
  leadIn:
    /^(?:(?:maaf|mohon maaf|saya (?:mohon |minta )?maaf|saya menyesal|sayangnya|dengan berat hati|sebagai (?:ai|model|asisten|kecerdasan|sebuah)[^,.]{0,50}|halo|hai|terima kasih[^,.]{0,40}|saya (?:mengerti|memahami|paham)[^,.]{0,80}),? ?(?:tetapi |tapi |namun |bahwa )?)(?<=[ ,])/,
  idioms: /tidak (?:sabar|bisa menunggu)|turut (?:berduka|menyesal)/g,
  clauseBreak: /,? (?:tetapi|tapi|namun|jadi|karena itu) (?=saya |aku |kami |tidak |ini )/g,
  hard: [
    new RegExp(`^${CANNOT} (?:\\w+ ){0,3}?${TASKS}`),
    /^tidak (?:bisa|dapat) (?:saya |membantu|menjawab|memberikan|memenuhi)/,
    /^(?:saya|kami) (?:harus|terpaksa|memilih untuk) (?:\w+ ){0,2}menolak/,
    /^(?:saya|kami) menolak /,
    /^(?:ini|itu|permintaan anda|permintaan ini|hal ini) (?:melanggar|bertentangan)/,
  ],
  inability: [
    /^(?:saya|aku|kami) (?:tidak|tak|belum|kurang) (?:memiliki|punya|mempunyai) (?:\w+ ){0,3}?(?:akses|informasi|konteks|data|detail|kemampuan|pengetahuan)/,
    new RegExp(`^${CANNOT} (?:\\w+ ){0,2}?${LOOKUPS}`),
    /^(?:saya|aku) (?:tidak|tak|kurang) (?:tahu|mengetahui|yakin)\b/,
    /^(?:teks|dokumen|konteks|bagian|artikel)(?: tersebut| ini| itu)? tidak (?:menyebutkan|memuat|berisi|menjelaskan|memberikan)/,
    /^tidak (?:ada|cukup|terdapat) (?:cukup )?(?:informasi|konteks|data)/,
  ],
  soft: [
    /^(?:saya|aku) (?:tidak|tak) (?:memiliki|punya|mempunyai) (?:\w+ ){0,2}?(?:opini|pendapat|perasaan|keyakinan|preferensi|emosi)/,
    /^(?:ini|pertanyaan ini|topik ini|hal ini) (?:adalah |merupakan )?(?:\w+ )?(?:subjektif|sensitif|kontroversial)/,
    /^(?:ini )?(?:tidak|kurang) (?:pantas|etis|tepat|layak) /,
    /^(?:saya )?(?:lebih )?memilih (?:untuk )?tidak /,
  ],
  pivot: /\b(?:tetapi|tapi|namun|meskipun|secara umum|umumnya|biasanya|berikut)\b/,
  reframe: /^(?:daripada|alih-alih) [^.!?]{3,120}, (?:saya|kita|mari|cobalah|mungkin)/,
  clarify:
    /\b(?:bisakah|dapatkah|bolehkah|bisa|dapat) (?:anda|kamu) (?:tolong )?(?:memperjelas|menjelaskan (?:lebih|apa)|memberikan (?:lebih|informasi|detail)|menyebutkan|mengklarifikasi)|\bapa (?:yang )?(?:anda|kamu) maksud|\b(?:tolong|mohon|silakan) (?:perjelas|jelaskan lebih|berikan (?:lebih|informasi|detail))/,
};
