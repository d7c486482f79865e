import type { Phrases } from "./topic.ts";

/** Answers of a support bot for a planning tool, in English. */
export const EN: Phrases = {
  topics: {
    faq: [
      {
        leads: [
          "You can reset your password from the sign-in page, and the link we send stays valid for {n} hours.",
          "Resetting the password takes about {n} minutes, and you don't need an administrator for it.",
          "The reset link is on the sign-in page, right below the password field.",
        ],
        steps: [
          "Open the sign-in page and choose **Forgot password**",
          "Enter the address you use for your workspace",
          "Follow the link in the email we send you",
          "Pick a password of at least {n} characters",
          "Sign in again on your phone and your laptop",
        ],
        notes: [
          "If the email hasn't arrived after {n} minutes, it's worth checking the spam folder.",
          "Accounts that use single sign-on don't have a password with us, so the link won't do anything there.",
          "After {n} failed attempts the account is locked for {m} minutes.",
        ],
      },
      {
        leads: [
          "You can export a whole workspace as a ZIP archive with one CSV file per board.",
          "Exports live under Settings, and a workspace of your size is ready in roughly {n} minutes.",
          "Every admin can export the workspace, including boards that were archived.",
        ],
        steps: [
          "Go to **Settings > Data** and choose *Export workspace*",
          "Pick the boards you want, or leave all {n} selected",
          "Wait for the email with the download link",
          "Download the archive within {n} days",
          "Keep the manifest file, because the importer asks for it",
        ],
        notes: [
          "Attachments over {m} MB are listed in the archive but not included.",
          "The link expires after {n} days; you can start another export at any time.",
          "Guests aren't able to export boards, even the ones they created.",
        ],
      },
      {
        leads: [
          "You can invite people by email, by link, or by connecting your company's domain.",
          "Inviting teammates works from any board: there's a Share button in the top right corner.",
          "Your plan has {n} free seats left, so you don't have to change anything before you invite them.",
        ],
        steps: [
          "Open the board and press **Share**",
          "Type the addresses, separated by commas",
          "Choose whether they can edit or only comment",
          "Send the invitations; they stay open for {n} days",
          "Remove people you no longer need under *Members*",
        ],
        notes: [
          "People who only comment don't count towards your {n} seats.",
          "An invitation can be withdrawn until it's accepted.",
        ],
      },
      {
        leads: [
          "Deleted boards stay in the bin for {m} days, so nothing is lost yet.",
          "A board that was deleted by mistake can be brought back by anyone who could edit it.",
        ],
        steps: [
          "Open the bin at the bottom of the sidebar",
          "Search for the board by its name",
          "Choose **Restore** from its menu",
          "Check that the {n} members it had are still listed",
        ],
        notes: [
          "After {m} days we remove the board for good, together with its files.",
          "Restoring doesn't bring back comments that were deleted before the board was.",
        ],
      },
    ],
    billing: [
      {
        leads: [
          "Your invoices are under Settings, where each month has a PDF of its own.",
          "The invoice for {month} was issued on the 1st and comes to {amount}.",
          "You'll find all {n} invoices of this year in the billing section.",
        ],
        steps: [
          "Go to **Settings > Billing**",
          "Open the tab *Invoices* and pick {month}",
          "Press **Download PDF**",
          "Add your VAT number if it's missing",
          "Forward the PDF to your accounting team",
        ],
        notes: [
          "Only owners and billing admins see this page.",
          "A change of the company name shows up on the next invoice, not on the last {n}.",
          "The charge appears on your card statement within {n} business days.",
        ],
      },
      {
        leads: [
          "You can move to another plan whenever you like, and we only charge the difference of {amount}.",
          "Moving from Team to Business costs {amount} more per seat each month.",
          "Your plan renews in {n} days, so a change made today costs {amount} for the rest of the period.",
        ],
        steps: [
          "Open **Settings > Plan**",
          "Compare the {n} plans side by side",
          "Choose the number of seats you need",
          "Confirm the price and the renewal date",
          "Tell your team that the new limits apply at once",
        ],
        notes: [
          "When you move down, the lower price starts with the next period.",
          "Annual plans save you {n} months compared with paying monthly.",
          "Seats that you remove are credited within {n} business days.",
        ],
      },
      {
        leads: [
          "A refund of {amount} goes back to the card you paid with and takes 3 to 10 business days.",
          "We refund unused seats within {m} days of the charge, no questions asked.",
          "The duplicate charge of {amount} is an authorisation that your bank releases after {n} days.",
        ],
        steps: [
          "Find the charge under **Settings > Billing > Payments**",
          "Press *Request a refund* next to it",
          "Choose the reason that fits best",
          "Wait for our confirmation, usually within {n} hours",
        ],
        notes: [
          "Refunds for annual plans are calculated by day.",
          "Your bank may need another {n} days before the amount shows up.",
          "We can't send a refund to a different card.",
        ],
      },
    ],
    technical: [
      {
        leads: [
          "The error {code} means that the identity provider signed the response with a certificate we don't know.",
          "Single sign-on fails because the entity ID in your identity provider doesn't match ours.",
          "SAML responses have to be at most {n} minutes old, and yours arrived later than that.",
        ],
        steps: [
          "Download the current certificate from your identity provider",
          "Upload it under **Admin > Security > SSO**",
          "Compare the entity ID on both sides, including the trailing slash",
          "Check that the server's clock is off by less than {n} seconds",
          "Try again in a private window, signed in with a test user",
        ],
        notes: [
          "You can keep {n} certificates at the same time, so that a rotation doesn't lock anybody out.",
          "The log under *Security > Events* shows the last {m} attempts with the reason.",
          "Owners can always sign in with their password, even while SSO is enforced.",
        ],
      },
      {
        leads: [
          "Your webhook was switched off after {n} failed deliveries in a row, the last with status {code}.",
          "We retry a failed delivery {n} times over {m} hours and then give up on that event.",
          "Webhook calls time out after {n} seconds, and your endpoint takes longer than that.",
        ],
        steps: [
          "Answer with status 200 before you do any work",
          "Verify the signature in the header `X-Planwise-Signature`",
          "Look at the failed deliveries under **Developers > Webhooks**",
          "Press *Redeliver* on the events you missed",
          "Switch the endpoint on again",
        ],
        notes: [
          "Events aren't guaranteed to arrive in order, so compare their `created_at`.",
          "We keep the payload of a failed delivery for {n} days.",
          "Your firewall has to let {n} address ranges through; they're listed in the documentation.",
        ],
      },
      {
        leads: [
          "Status 429 means that the workspace has used up its {m} requests per minute.",
          "The limit of the API is {m} requests per minute for each token, and yours sent {n} times as many.",
          "You're seeing {code} because several jobs share one token.",
        ],
        steps: [
          "Read the header `Retry-After` and wait that many seconds",
          "Ask for {m} items per page instead of one by one",
          "Use one token per job, so that they don't share a limit",
          "Cache what changes rarely, such as members and labels",
          "Spread nightly jobs over an hour",
        ],
        notes: [
          "The headers `X-RateLimit-Remaining` and `X-RateLimit-Reset` tell you where you stand.",
          "Bulk endpoints count as {n} requests, however many items they carry.",
          "Business plans can have the limit raised to {m} per second.",
        ],
      },
      {
        leads: [
          "The mobile app only syncs in the background when it may use data in the background.",
          "Version {n}.{m} had a bug that left boards behind after a lost connection; it's fixed in the next one.",
        ],
        steps: [
          "Update the app to version {n}.{m} or later",
          "Allow it to refresh in the background",
          "Pull down on the list of boards to sync by hand",
          "Sign out and in again if {n} or more boards are missing",
        ],
        notes: [
          "Edits made offline are kept for {m} days and sent as soon as there's a connection.",
          "A board with more than {m} cards can take {n} minutes on a slow line.",
        ],
      },
    ],
  },
  openings: ["Sure!", "Of course.", "Happy to help!", "Great question!", "Thanks for reaching out."],
  listIntros: ["Here's how it works:", "To do this:", "The steps are:", "This is what I'd do:"],
  closings: [
    "Let me know if anything looks different on your side.",
    "Let me know if you get stuck, and I'll take another look.",
    "If you need anything else, just ask.",
    "Is there anything else I can help you with?",
  ],
  hedges: [
    "I think ",
    "It seems that ",
    "In most cases, ",
    "It depends a little on your setup, but ",
    "If I'm not mistaken, and it might be different for you, ",
  ],
  smalltalk: [
    "Good morning! How can I help you with Planwise today?",
    "You're welcome! Have a good rest of your day.",
    "Glad that worked. Enjoy your weekend!",
    "Hello! Tell me what you're trying to do and I'll point you to the right place.",
    "No worries at all, these settings are easy to miss.",
    "Thanks for letting me know. I've noted it for the team.",
    "That's kind of you to say. Have a great day!",
    "Hi there! What can I do for you?",
    "Ha, fair enough. Shall we give it one more try?",
    "I'm the support assistant of Planwise, so plans and boards are what I know best. What do you have in mind?",
  ],
  refusals: [
    "I'm sorry, but I can't help with that request.",
    "I can't share information about another customer's account.",
    "I'm unable to help with that here. Please contact our support team directly.",
    "I don't have access to that information, so I can't answer this.",
    "Unfortunately, I'm not able to discuss this. Our support team can be reached by phone.",
  ],
  questions: [
    "Could you send me the order number? It starts with PW and is on your confirmation.",
    "Which workspace is this about? I can look it up once I have its name.",
    "What's the email address the invoice was sent to?",
  ],
};
