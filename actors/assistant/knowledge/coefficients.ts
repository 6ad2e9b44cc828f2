/**
 * Made by `npm run kb:fit`, to be changed there. Coefficients: greatest penalised likelihood on the knowledge bases
 * shop, store, bank, telecom, travel, saas of properties/knowledge. Thresholds: the lowest at which, each knowledge base
 * judged by a model fitted on the others, 1 % are answered wrongly and 3 % of what no entry answers is
 * answered, and in no one of them more than 5 % wrongly; and the highest at which offers still reach 99.5 % of what they could.
 */
export const COEFFICIENTS = {
  entry: {
    agreement: 1.439,
    agreementSquared: 1.126,
    covered: -0.218,
    fulfilled: 1.606,
    coveredByAll: 2.528,
    groupsShared: 0.25,
    groupsElse: -2.093,
    rank: 0.385,
    otherLanguage: -6.521,
    sameAspect: 0.575,
    otherAspect: 0.817,
    opposed: -0.211,
    weightShared: 1.411,
  },
  none: {
    always: 1.235,
    unknown: 0.43,
    weight: 0.138,
    elsewhere: 1.581,
    short: -0.181,
    elsewhereUnknown: 1.325,
  },
} as const;

export const THRESHOLDS = { sureFrom: 0.83, unsureFrom: 0.08 } as const;
