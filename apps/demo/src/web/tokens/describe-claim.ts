/** What each claim means (RFC 7519, and Hallpass's own claims). */
const meanings: Readonly<Record<string, string>> = {
  iss: 'who issued it',
  aud: 'what it is for; nothing else accepts it',
  sub: 'who it was issued for',
  iat: 'when it was issued',
  exp: 'when it expires',
  jti: 'its unique id, used to redeem and revoke it',
  sid: 'the session it belongs to',
  account_id: 'the account it belongs to',
  client_key_id: 'the client key it was issued for',
  agent_id: 'the agent that replies',
  auth_mode: 'guest or logged-in user',
  origin: 'the page it was issued to',
  user: 'the user, as the backend describes them',
  traits: 'further facts from the backend',
  metadata: 'data from the page, unverified',
  environment: 'sandbox or production',
  external_id: 'your own id for it',
  processing_method: 'how the paykey is processed',
  sandbox_outcome: 'the result that the sandbox returns',
}

const times = ['iat', 'exp']

export const meaningOf = (claim: string): string => meanings[claim] ?? ''

/** Formats the value of a claim for display. */
export function formatClaim(claim: string, value: unknown): string {
  if (times.includes(claim) && typeof value === 'number') return new Date(value * 1000).toLocaleTimeString()
  return typeof value === 'string' ? value : JSON.stringify(value)
}
