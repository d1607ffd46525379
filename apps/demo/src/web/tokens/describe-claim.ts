/** What each claim is for, in words (RFC 7519 and the kinds of Hallpass). */
const meanings: Readonly<Record<string, string>> = {
  iss: 'who signed it',
  aud: 'what it is for; it opens nothing else',
  sub: 'whom it speaks for',
  iat: 'when it was made',
  exp: 'when it ends',
  jti: 'its own number: how spending and revoking know it',
  sid: 'its session',
  account_id: 'whose account',
  client_key_id: 'for which client key',
  agent_id: 'the agent that answers',
  auth_mode: 'guest or logged-in user',
  origin: 'the page it was made for',
  user: 'as the backend named them',
  traits: 'what the backend adds about them',
  metadata: 'what the page adds, unproven',
  environment: 'sandbox or production',
  external_id: 'your own number for it',
  processing_method: 'how the paykey is processed',
  sandbox_outcome: 'the result that the sandbox gives',
}

const times = ['iat', 'exp']

export const meaningOf = (claim: string): string => meanings[claim] ?? ''

/** A claim's value as a person reads it. */
export function formatClaim(claim: string, value: unknown): string {
  if (times.includes(claim) && typeof value === 'number') return new Date(value * 1000).toLocaleTimeString()
  return typeof value === 'string' ? value : JSON.stringify(value)
}
