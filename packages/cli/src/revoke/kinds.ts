/** The values of `--as`. */
export const kinds = [
  'token',
  'session',
  'visitor',
  'user',
  'client-key',
  'api-key',
  'customer',
  'card',
  'account',
  'kind',
  'subject',
  'resource',
] as const
export type Kind = (typeof kinds)[number]
