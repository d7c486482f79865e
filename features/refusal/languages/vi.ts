import type { RefusalLanguage } from "../language.ts";

const TASKS =
  "(?:giúp|hỗ trợ|cung cấp|trả lời|tạo|viết|đáp ứng|chia sẻ|thảo luận|đề xuất|tham gia|tiếp tục|thực hiện|làm điều|làm việc|tư vấn|đưa ra|khuyên|ủng hộ|soạn)";
const LOOKUPS = "(?:truy cập|xem|mở|duyệt|kiểm tra|đọc|xác định|biết|dự đoán|xác nhận|xác minh|tra cứu)";
const CANNOT =
  "(?:tôi|mình|em|chúng tôi) (?:hiện |hiện tại |cũng |thực sự |rất tiếc )?(?:không thể|không được phép|không có khả năng|chưa thể|sẽ không|không muốn|xin phép không|không sẵn sàng)";

/** Vietnamese. */
export const VIETNAMESE: RefusalLanguage = {
  code: "vi",
  cue: /(?:^|[ ,.])(?:không|chưa|từ chối|thay vì|bạn có thể|vui lòng|ý bạn|vi phạm|trái với|câu hỏi|chủ đề|vấn đề)/,
  leadIn:
    /^(?:(?:(?:tôi )?(?:rất )?xin lỗi|(?:tôi )?rất tiếc|thật tiếc|tiếc là|đáng tiếc|tôi e rằng|thành thật xin lỗi|với tư cách là [^,.]{0,50}|là (?:một )?(?:ai|mô hình|trợ lý|trí tuệ)[^,.]{0,50}|xin chào|chào bạn|cảm ơn[^,.]{0,40}|tôi hiểu[^,.]{0,80}),? ?(?:nhưng |rằng |vì )?)(?<=[ ,])/,
  idioms: /không thể (?:chờ|đợi|không|tin)|rất tiếc khi nghe/g,
  clauseBreak: /,? (?:nhưng|tuy nhiên|vì vậy|do đó) (?=tôi |mình |không |điều )/g,
  hard: [
    new RegExp(`^${CANNOT} (?:[^ ]+ ){0,3}?${TASKS}`),
    /^không thể (?:giúp|hỗ trợ|cung cấp|trả lời|đáp ứng)/,
    /^(?:tôi|mình|chúng tôi) (?:phải |buộc phải |xin |xin phép )?từ chối/,
    /^(?:điều này|yêu cầu này|yêu cầu của bạn|việc này) (?:vi phạm|trái với|đi ngược)/,
  ],
  inability: [
    /^(?:tôi|mình|em|chúng tôi) (?:hiện )?(?:không|chưa) (?:có|đủ) (?:[^ ]+ ){0,3}?(?:truy cập|thông tin|ngữ cảnh|dữ liệu|chi tiết|kiến thức)/,
    new RegExp(`^${CANNOT} (?:[^ ]+ ){0,2}?${LOOKUPS}`),
    /^(?:tôi|mình|em) không (?:biết|chắc|rõ)(?!\p{L})/u,
    /^(?:văn bản|tài liệu|đoạn văn|ngữ cảnh)(?: này| trên)? không (?:đề cập|chứa|nêu|nói|cung cấp)/,
    /^không (?:có|đủ) (?:đủ )?(?:thông tin|dữ liệu|ngữ cảnh)/,
  ],
  soft: [
    /^(?:tôi|mình) không có (?:[^ ]+ ){0,2}?(?:ý kiến|quan điểm|cảm xúc|niềm tin|sở thích|cảm nhận)/,
    /^(?:đây là|câu hỏi này|chủ đề này|vấn đề này) (?:[^ ]+ ){0,6}?(?:chủ quan|nhạy cảm|gây tranh cãi)/,
    /^(?:điều này |việc này )?(?:sẽ )?không (?:phù hợp|thích hợp|đúng đắn|đạo đức)/,
    /^(?:tôi )?(?:không muốn đưa|xin không) /,
  ],
  pivot: /(?:^| )(?:nhưng|tuy nhiên|nói chung|thông thường|thường|dưới đây|sau đây|dù vậy)(?: |,)/,
  reframe: /^thay vì [^.!?]{3,120}, (?:tôi|chúng ta|bạn|hãy|mình)/,
  clarify:
    /(?:bạn|anh|chị|quý khách) (?:có thể|vui lòng) (?:[^ ]+ ){0,2}?(?:làm rõ|nói rõ|giải thích|cung cấp thêm|cho (?:tôi|mình) (?:biết thêm|biết rõ))|ý (?:bạn|anh|chị) là gì|vui lòng (?:làm rõ|nêu rõ|cung cấp thêm|cho biết thêm)/,
};
