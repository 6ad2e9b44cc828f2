/**
 * Made by `npm run kb:fit`, to be changed there. Coefficients: greatest penalised likelihood on the knowledge bases
 * shop, store, bank, telecom, travel, saas, home, beauty of properties/knowledge. Thresholds: the lowest at which, each knowledge base
 * judged by a model fitted on the others, 1 % are answered wrongly and 3 % of what no entry answers is
 * answered, and in no one of them more than 5 % wrongly; and the highest at which offers still reach 99.5 % of what they could.
 */
export const COEFFICIENTS = {
  entry: {
    agreement: 1.565,
    agreementSquared: 0.92,
    covered: -0.078,
    fulfilled: 1.511,
    coveredByAll: 3.381,
    groupsShared: -0.448,
    groupsElse: -2.375,
    rank: 0.436,
    otherLanguage: -6.257,
    sameAspect: 0.262,
    otherAspect: 1.33,
    opposed: -0.272,
    weightShared: 0.957,
  },
  none: {
    always: 1.844,
    unknown: 0.101,
    weight: -0.261,
    elsewhere: 2.328,
    short: -0.005,
    elsewhereUnknown: 0.71,
  },
} as const;

export const THRESHOLDS = { sureFrom: 0.88, unsureFrom: 0.08 } as const;
