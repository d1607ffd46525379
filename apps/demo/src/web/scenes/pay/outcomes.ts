/** What the sandbox can be told to answer, in the words of the documentation. */
export const outcomes = ['standard', 'active', 'review', 'rejected'] as const

export type Outcome = (typeof outcomes)[number]
