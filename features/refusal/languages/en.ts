import type { RefusalLanguage } from "../language.ts";

const CANNOT =
  "(?:i (?:cannot and will not|can't and won't|can't|cannot|can not|won't|will not|could not|couldn't|shouldn't|should not|(?:don't|do not) (?:want|intend) to)" +
  "|(?:i'm|i am) (?:not able|unable|not going|not allowed|not permitted|not authorized|not programmed|not designed) to" +
  "|(?:i'm|i am) not in a position to)";
/** What follows it stands in a lookahead: V8 would copy a long list of verbs for every way to get there, which takes 10 ms. */
const ADVERBS = "(?: (?:\\w+ly|also|just|really|in good conscience|in any way|currently|therefore))?";

/** English. */
export const ENGLISH: RefusalLanguage = {
  code: "en",
  cue: /\b(?:not|can't|cannot|don't|won't|couldn't|shouldn't|doesn't|isn't|aren't|didn't|haven't|wouldn't|no|unable|never|decline|refuse|lack|insufficient|unethical|subjective|sensitive|controversial|offensive|harmful|inappropriate|discriminatory|disrespectful|stereotyp\w*|a matter of|against|violat\w+|contrary|prohibited|breach\w*|committed|clarify|inform you|emphasi[sz]e|point out|stress|remind you|only|just an?|to (?:respect|treat|avoid)|here to help with|programmed|bound by|rather|prefer|instead|better|more \w+ question|let's|let us|perhaps we|could you|can you|would you|please|do you mean|not (?:quite|sure)|which|need|forgot|my (?:knowledge|training|information|data))\b/,
  leadIn:
    /^(?:(?:i'm|i am|we're|we are) (?:so |very |really |truly |terribly |deeply )?(?:sorry|afraid)(?: (?:that|if|for|about)\b[^,.]{0,60})?|(?:so |very )?sorry(?: about that)?|(?:my |sincere )?apologies|i (?:do )?apologi[sz]e(?: for[^,.]{0,60})?|unfortunately|regrettably|sadly|as an? (?:ai|artificial|language|large|assistant|virtual|chatbot|responsible|ethical)[\w -]{0,50}|no|hi|hello|hey|hmm|well|okay|ok|honestly|thanks?(?: you)?[^,.]{0,60}|i (?:understand|appreciate|see|know|realize|hear|get)[^,.]{0,90}|while [^,.]{0,90}|although [^,.]{0,90}|at this (?:time|point|moment)|currently|right now|in this case|that|since [^,.]{0,60}|because [^,.]{0,60}|for (?:safety|legal|privacy|ethical)[^,.]{0,40}),? (?:that )?/,
  idioms:
    /\b(?:can't|cannot|can not|couldn't) (?:wait|help but|help \w+ing|go wrong|(?:stress|overstate|emphasi[sz]e|recommend|thank|praise|say)\b[^.!?]{0,60}?\benough|overstate|believe|imagine|complain)\b|\bsorry (?:to hear|for your loss|you(?:'re| are)|for the (?:confusion|inconvenience|delay|mistake|misunderstanding|trouble|error|wait))|\bi can't promise\b/g,
  clauseBreak: /,? (?:but|however|so|and|although|though|because) (?=i |i'|it |it'|this |that |there |my |we )/g,
  hard: [
    new RegExp(
      `^${CANNOT}${ADVERBS} (?=(?:help|assist|support|comply|fulfil|fulfill|provide|share|give|offer|create|generate|write|produce|make|answer|discuss|engage|participate|continue|do (?:that|this|so)|respond|recommend|advise|complete|facilitate|encourage|promote|endorse|condone|describe|explain|teach|disclose|reveal|suggest|speculate|tell you|show you|talk about|be part|take part|proceed|honou?r|accommodate|role-?play|pretend|impersonate|translate|summari[sz]e|repeat|say|process (?:that|this|your)|handle (?:that|this)|express|offer|judge|comment|rank|rate|diagnose|prove|justify)\\b)`,
    ),
    /^(?:i )?(?:must|have to|will have to|need to|'ll have to|respectfully|politely)? ?(?:i )?(?:respectfully |politely )?(?:decline|refuse)\b/,
    /^(?:that's|that is|this is|it's|it is) (?:not |n't )?(?:something|a (?:topic|request|subject)|content) (?:that )?(?:i (?:can|will|am able to|'m able to)|i'm (?:not )?able to|i (?:can't|cannot|won't))/,
    /^(?:that|this|it|your request|the request|this request|such content|this content|doing so)[\w ]{0,30}(?:is |goes |would (?:be|go) |would )?(?:against|violates?|violating|contrary to|prohibited by|breach(?:es)?) (?:my|our|the|openai|anthropic|content|safety|usage|ethical|company)/,
    /^i(?:'m| am) (?:only )?(?:here to help with|programmed to (?:avoid|refuse|follow)|bound by)/,
    /^(?:i|we) (?:do not|don't) (?:endorse|encourage|provide|offer|give|share|create|generate|engage|assist|support|condone|discuss|participate|write|answer)\b/,
    /^i (?:can|will) not\b.{0,20}\b(?:request|that|this)\b/,
  ],
  inability: [
    /^i (?:do not|don't|currently do not|currently don't|lack|no longer)(?: \w+ly| currently)? ?(?:have|possess|hold|retain|store)?(?: [\w-]+){0,2} (?:access|information|context|details?|data|ability|abilities|capability|capabilities|means|knowledge|visibility|records?|way to|memory|tools?)\b/,
    new RegExp(
      `^${CANNOT}${ADVERBS} (?=(?:access|browse|see|view|open|read|hear|watch|look up|check|verify|confirm|retrieve|search|determine|tell (?:from|what|which|who|whether|if)|find|locate|download|visit|predict|remember|recall|know|physically|connect|track|identify|recogni[sz]e|infer|make (?:phone )?calls|send|execute|run|(?:provide|give|offer|share)[\\w ]{0,20} (?:real-?time|live|up-to-date|current|the latest|today's))\\b)`,
    ),
    /^i (?:do not|don't) (?:actually |really )?(?:know|recall|remember)\b/,
    /^i(?:'m| am) not (?:aware of|familiar with|certain (?:about|of) (?:that|this)|sure (?:about (?:that|this)|how to answer))/,
    /^i have no (?:information|access|knowledge|way|record|memory|data|context|idea)\b/,
    /^(?:there|it seems (?:that )?there|it looks like there) (?:is|are|isn't|aren't|was|were)(?: not| no)? ?(?:enough|any|sufficient)? ?(?:information|context|details?|data|mention)\b.{0,80}\b(?:to|in|about|of|provided|given|available)\b/,
    /^the (?:provided |given |supplied )?(?:text|passage|context|document|article|information|data|excerpt|source|conversation|sources|documents)(?: provided| given| above)? (?:does not|doesn't|do not|don't) (?:\w+ly )?(?:provide|mention|contain|specify|say|include|state|indicate|give|answer|describe)/,
    /^my (?:knowledge|training|training data|information|data)(?: base| cutoff)? (?:cutoff|ends|only|is limited|was last|does not|doesn't|stops)/,
    /^it (?:is|'s|isn't)(?: not)? possible (?:for me )?to (?:determine|tell|know|say|answer|verify)/,
    /^(?:no|not enough|insufficient) (?:information|context|details?)\b/,
  ],
  soft: [
    /^i (?:do not|don't) (?:have|hold|form|possess|express|take)(?: (?:any|my own))? ?(?:personal )?(?:opinions?|beliefs?|feelings?|preferences?|views?|emotions?|sides?|stance|positions?|experiences?)\b/,
    /^(?:this|that|it|the|such)(?: (?:question|topic|matter|issue|statement|subject|request|is))* (?:is |are )?(?:a )?(?:highly |very |quite |deeply |inherently |extremely |largely )?(?:subjective|sensitive|controversial|offensive|harmful|inappropriate|discriminatory|not appropriate|disrespectful|stereotyp\w+|a matter of (?:personal |individual )?(?:opinion|debate|taste|preference|perspective))\b/,
    /^it(?:'s| is| would be| would| isn't| wouldn't be)(?: not)?(?: be)? ?(?:generally )?(?:never )?(?:in)?(?:appropriate|ethical|unethical|right|fair|acceptable|productive|respectful|accurate|okay|ok|advisable|helpful) (?:for me )?to\b.{0,20}\b(?:answer|make|provide|give|say|assume|generali[sz]e|judge|discuss|stereotype|speculate|label|comment|compare|rank|engage|suggest|promote)/,
    /^it(?:'s| is) (?:not|never) (?:ethical|okay|ok|acceptable|legal|justifiable|appropriate)\b/,
    /^i (?:must|have to|need to) (?:clarify|inform you|emphasi[sz]e|point out|stress|remind you)\b/,
    /^i(?:'m| am) committed to (?:promoting|providing|respect|fairness|treating)/,
    /^i(?:'d| would) (?:rather|prefer) not\b/,
    /^my (?:purpose|goal|role|aim) is to [^.!?]{3,80}\bnot (?:to )?(?:encourage|promote|support|help with|assist|provide|generate|create|engage)\b/,
    /^i(?:'m| am) not comfortable\b/,
    /^i (?:do not|don't) (?:feel comfortable|think (?:it's|it is|it would be|that's|that is) (?:appropriate|right|a good idea))/,
    /^there(?:'s| is) no (?:definitive|right or wrong|single correct|single right|objective|simple|one-size-fits-all) answer/,
    /^i (?:can|'m able to|am able to) only (?:help|assist|answer|discuss|provide|talk)\b/,
    /^(?:i |i)(?:'m|am) (?:only able|just an? (?:ai|assistant|bot|language model))\b/,
    /^it(?:'s| is) (?:important|essential|crucial) to (?:respect|treat (?:all|every)|avoid (?:stereotyp|generali[sz]|making assumptions))/,
  ],
  pivot:
    /\b(?:but|however|that said|that being said|nevertheless|nonetheless|still|instead|even so|with that in mind)\b[^.!?]{0,80}\b(?:here(?:'s| is| are)|in general|general(?:ly)?|typically|commonly|for example|overview|some|common|usually|based on|let me|below|following|hypothetical(?:ly)?|would|most|many)\b|\b(?:here(?:'s| is| are)) (?:a|an|the|some|what|how|my)\b|\b(?:in general|generally speaking|generally|typically),/,
  reframe:
    /^(?:instead of [^.!?]{3,120}, (?:let's|let me|i|consider|try|you|why not|how about)|rather than [^.!?]{3,120}, (?:let's|let me|i|consider|try|why not|how about)|(?:let's|let us|i'd (?:like|encourage you|suggest)(?: to)?|perhaps we (?:could|can)) [^.!?]{0,80}\b(?:instead|something (?:more|else)|a different)\b|a (?:better|more (?:constructive|helpful|important|useful)) question)/,
  clarify:
    /\b(?:could|can|would) you (?:please |kindly )?(?:clarify|specify|elaborate|rephrase|explain what|tell me (?:more|which|what)|let me know|share (?:more|the)|provide (?:more|the|some|additional|further)|give me (?:more|some)|be more specific|confirm (?:which|what|whether))|\bplease (?:clarify|specify|provide (?:more|the|some|additional|further)|share (?:more|the)|let me know (?:which|what|more))|\bwhat (?:exactly )?do you mean\b|\bi(?:'m| am) not (?:quite |entirely )?sure (?:what|which) you(?:'re| are)?\b|\bwhich (?:one|of these|\w+) (?:do you mean|are you (?:referring|asking|using|interested))|\b(?:i'd|i would|i'll|i will) need (?:a (?:bit|little) )?more (?:information|details?|context)\b|\b(?:it (?:seems|looks) like|i think) you (?:forgot|did not|didn't|haven't) (?:to )?(?:include|attach|paste|provide|share)/,
};
