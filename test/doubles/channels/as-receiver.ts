import type { ReceiverServer } from "../../../demo/receiver-server.ts";
import type { VendorDouble } from "../flags/vendor-double.ts";

const LIE = { status: 200, body: "<html><body>Sign in to the guest network</body></html>" };

/** A double whose situations are those of any receiver: an answer is given as it is, a lie is a page of something else. */
export const asReceiver = (double: VendorDouble): ReceiverServer => ({
  url: double.url,
  behave: (mode) => {
    if (mode === "accept") double.behave("work");
    else if (mode === "lie") double.behave(() => LIE);
    else double.behave(typeof mode === "object" ? () => mode : mode);
  },
  requests: () => double.requests.length,
  close: double.close,
});
