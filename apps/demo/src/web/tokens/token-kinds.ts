/** What a kind of token is called and what it can do, in one sentence. */
export interface TokenKind {
  readonly name: string
  readonly about: string
}

const byTyp: Readonly<Record<string, TokenKind>> = {
  'bridge+jwt': { name: 'Bridge token', about: 'Opens the bank widget for one customer. Nothing else accepts it.' },
  'visitor+jwt': {
    name: 'Visitor token',
    about: 'Says who a visitor is. Exchanged once for a session, then worthless.',
  },
  'widget-session+jwt': {
    name: 'Session token',
    about: 'Lets the widget act for one visitor, for a quarter of an hour.',
  },
  'embed-ticket+jwt': {
    name: 'Embed ticket',
    about: 'Proves to the iframe which page embeds it. Good for one session.',
  },
}

const byMember: Readonly<Record<string, TokenKind>> = {
  widget_token: {
    name: 'Card token',
    about: 'Opaque: one card, one widget type, spent once. Only Hallpass knows what it stands for.',
  },
  refresh_token: {
    name: 'Refresh token',
    about: 'Rotates at every use. Kept from view here: whoever has it has the session.',
  },
}

const unknown: TokenKind = { name: 'Token', about: 'Opaque: there is nothing to read in it.' }

/** The kind of a token by its `typ` header, else by the name it was sent under. */
export function kindOf(typ: unknown, member: string): TokenKind {
  return byTyp[String(typ)] ?? byMember[member] ?? unknown
}
