import { isPlainObject, parseJws, parseToken, uuidPattern } from '@hallpass/contracts'

/** What a text is, judged by its format. Only the service knows what an id belongs to. */
export type Form =
  | { readonly is: 'token'; readonly kind: string }
  | { readonly is: 'public-name' }
  | { readonly is: 'secret-key' }
  | { readonly is: 'name' }
  | { readonly is: 'uuid'; readonly version: string }

export function recognizeForm(text: string): Form {
  // a JWT of a declared kind can have a general type, like a session token
  const payload = parseJws(text)?.payload
  if (isPlainObject(payload) && typeof payload.kind === 'string') return { is: 'token', kind: payload.kind }
  const jwt = parseToken(text)
  if (jwt) return { is: 'token', kind: jwt.kind }
  if (text.startsWith('hprt_')) return { is: 'token', kind: 'refresh' }
  if (text.startsWith('hpkt_')) return { is: 'token', kind: 'declared' }
  if (text.startsWith('pk_')) return { is: 'public-name' }
  if (text.startsWith('sk_')) return { is: 'secret-key' }
  if (uuidPattern.test(text)) return { is: 'uuid', version: text.charAt(14) }
  return { is: 'name' }
}
