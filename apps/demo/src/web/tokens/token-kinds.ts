import type { FoundToken } from './find-tokens.js'

/** The name and description of a kind of token. */
export interface TokenKind {
  readonly name: string
  readonly about: string
}

const byTyp: Readonly<Record<string, TokenKind>> = {
  'bridge+jwt': { name: 'Bridge token', about: 'Opens the bank widget for one customer. Nothing else accepts it.' },
  'visitor+jwt': {
    name: 'Visitor token',
    about: 'Identifies a visitor. Can be exchanged for a session once.',
  },
  'widget-session+jwt': {
    name: 'Session token',
    about: 'Lets the widget act for one visitor for 15 minutes.',
  },
  'embed-ticket+jwt': {
    name: 'Embed ticket',
    about: 'Proves to the iframe which page embeds it. Valid for one session.',
  },
}

const byMember: Readonly<Record<string, TokenKind>> = {
  widget_token: {
    name: 'Card token',
    about: 'Opaque: one card, one widget type, one use. Only Hallpass can look it up.',
  },
  refresh_token: {
    name: 'Refresh token',
    about: 'Rotates on every use. Hidden here, because anyone who has it controls the session.',
  },
}

/** What an opaque token of a declared kind begins with. */
const declaredPrefix = 'hpkt_'
const declared: TokenKind = {
  name: 'Token of a declared kind',
  about: 'Opaque: one exhibit, one call. Only Hallpass can look it up.',
}

const unknown: TokenKind = { name: 'Token', about: 'Opaque: it contains nothing to read.' }

/** The kind of a token, by its `typ` header, by the name of the member that contained it, or by how it begins. */
export function kindOf(typ: unknown, { member, raw }: FoundToken): TokenKind {
  return byTyp[String(typ)] ?? byMember[member] ?? (raw.startsWith(declaredPrefix) ? declared : unknown)
}
