import { type CheckedProof, checkProof, type PageOperation, type ProofIssue, requestHeaders } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { Store } from '../store/store.js'

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly issuer: () => string
  readonly store: Pick<Store, 'spendProof'>
}

interface Request {
  readonly operation: PageOperation
  readonly call: {
    readonly transport: 'rest' | 'trpc'
    readonly headers: { readonly get: (name: string) => string | undefined; readonly count: (name: string) => number }
  }
  readonly clientKey: Pick<ClientKey, 'accountId' | 'bind'>
  /** The thumbprint of the key that the session in the request is bound to. */
  readonly bound: string | undefined
}

/**
 * The thumbprint of the key that a new token is bound to (RFC 9449). Undefined if it isn't bound. A proof works
 * once: of concurrent calls with the same one, the insert of its id decides which succeeds.
 */
export async function requireProof(deps: Deps, request: Request): Promise<string | undefined> {
  const { operation, clientKey, bound } = request
  if (operation.mints !== 'widget-session' && operation.mints !== 'declared') return undefined
  const isRequired = bound !== undefined || (clientKey.bind === 'require' && operation.spends !== 'refresh')
  const proof = await readProof(deps, request)
  if (typeof proof === 'string') {
    // a client that may omit the proof may also have a wrong clock
    if (isRequired) throw refusedProof(seen[proof])
    return undefined
  }
  // a session that wasn't bound when it began stays so
  if (operation.spends === 'refresh' && bound === undefined) return undefined
  if (bound !== undefined && proof.jkt !== bound) throw refusedProof('a proof of another key')
  const times = { madeAt: proof.iat * 1000, now: deps.clock.now(), expiresAt: proof.exp * 1000 }
  if (!(await deps.store.spendProof(clientKey.accountId, proof.id, times)))
    throw refusedProof('a proof that was used before')
  return proof.jkt
}

async function readProof(
  { clock, issuer }: Deps,
  { operation, call }: Request,
): Promise<CheckedProof | ProofIssue | 'missing'> {
  const { headers, transport } = call
  const text = headers.get(requestHeaders.dpop.toLowerCase())
  if (text === undefined) return 'missing'
  if (headers.count(requestHeaders.dpop.toLowerCase()) > 1) return 'malformed'
  const path = transport === 'trpc' ? `/trpc/${operation.id}` : operation.paths[0]
  return checkProof(text, { method: 'POST', url: `${issuer()}${path}`, now: clock.now() / 1000 })
}

const seen: Readonly<Record<ProofIssue | 'missing', string>> = {
  missing: 'no DPoP header',
  malformed: 'a proof that is malformed, or several',
  bad_signature: 'a proof whose signature is invalid',
  wrong_method: 'a proof for another method (htm)',
  wrong_url: 'a proof for another URL (htu)',
  wrong_token: 'a proof for another token (ath)',
  wrong_time: 'a proof whose time (iat) is too far from the time of the server',
}

/** The refusal of a proof. Nothing was spent or revoked. */
export const refusedProof = (what: string): HallpassError =>
  new HallpassError('invalid_dpop_proof', messages.invalidProof, { explain: () => ({ seen: what }) })
