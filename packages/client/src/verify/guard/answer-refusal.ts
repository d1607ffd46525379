import type { RefusalReason } from '../refusal.js'
import type { RefusedVerdict } from '../verdict.js'

/** A resource server's response to a refused request (RFC 6750, section 3). */
export interface RefusalAnswer {
  readonly status: 400 | 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
}

/** Why a request was refused: its token was refused, or its Authorization header isn't valid (RFC 6750, section 2.1). */
export type GuardRefusal = RefusedVerdict | { readonly ok: false; readonly reason: 'invalid_request' }

const retrySeconds = '5'

/** A widget must be able to distinguish expired from revoked. Other reasons aren't disclosed. */
const descriptions: Partial<Record<RefusalReason, string>> = {
  expired: 'The token has expired.',
  revoked: 'The token was revoked.',
}

const notPermitted = 'The token does not permit this request.'

export function answerRefusal(kind: string, { reason }: GuardRefusal): RefusalAnswer {
  const realm = `Bearer realm="${kind}"`
  if (reason === 'unavailable') {
    return answer(503, 'temporarily_unavailable', 'Tokens cannot be verified at the moment.', {
      'Retry-After': retrySeconds,
    })
  }
  // without a token, the challenge contains no error code (RFC 6750, section 3.1)
  if (reason === 'missing') return answer(401, 'token_required', 'A token is required.', { 'WWW-Authenticate': realm })
  if (reason === 'missing_proof' || reason === 'bad_proof') {
    const challenge = `DPoP realm="${kind}", algs="ES256 EdDSA", error="invalid_dpop_proof"`
    return answer(401, 'invalid_dpop_proof', 'The token needs a valid, unused DPoP proof of its key.', {
      'WWW-Authenticate': challenge,
    })
  }
  if (reason === 'action_not_allowed' || reason === 'wrong_resource')
    return answer(403, 'insufficient_scope', notPermitted, {
      'WWW-Authenticate': `${realm}, error="insufficient_scope", error_description="${notPermitted}"`,
    })
  const [status, error, description] =
    reason === 'invalid_request'
      ? ([400, 'invalid_request', 'The Authorization header must contain one bearer token.'] as const)
      : ([401, 'invalid_token', descriptions[reason] ?? 'The token is not valid.'] as const)
  const challenge = `${realm}, error="${error}", error_description="${description}"`
  return answer(status, error, description, { 'WWW-Authenticate': challenge })
}

function answer(
  status: RefusalAnswer['status'],
  error: string,
  description: string,
  headers: Record<string, string>,
): RefusalAnswer {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify({ error, error_description: description }),
  }
}
