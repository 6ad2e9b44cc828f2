/**
 * Made by `npm run kb:fit`, to be changed there. Coefficients: greatest penalised likelihood on the knowledge bases
 * shop, store, bank, telecom, travel, saas, home, beauty of properties/knowledge. Thresholds: the lowest at which, each knowledge base
 * judged by a model fitted on the others, 1 % are answered wrongly and 3 % of what no entry answers is
 * answered, and in no one of them more than 5 % wrongly; and the highest at which offers still reach 99.5 % of what they could.
 */
export const COEFFICIENTS = {
  entry: {
    agreement: 1.617,
    agreementSquared: 1.095,
    covered: 0.105,
    fulfilled: 1.386,
    coveredByAll: 3.412,
    groupsShared: -0.426,
    groupsElse: -2.585,
    rank: 0.355,
    otherLanguage: -6.427,
    sameAspect: 0.881,
    otherAspect: 1.198,
    opposed: -0.228,
    weightShared: 1.025,
  },
  none: {
    always: 1.652,
    unknown: 0.266,
    weight: -0.24,
    elsewhere: 1.79,
    short: -0.659,
    elsewhereUnknown: 1.018,
  },
} as const;

export const THRESHOLDS = { sureFrom: 0.86, unsureFrom: 0.08 } as const;
