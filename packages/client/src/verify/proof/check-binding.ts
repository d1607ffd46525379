import { checkProof } from '@hallpass/contracts'
import type { AnyClaims } from '../expected-kind.js'
import type { RefusalReason } from '../refusal.js'
import type { RememberProof } from './remember-proofs.js'

/** The request that presents a token. Only tokens that are bound to a key need it. */
export interface PresentedIn {
  readonly method: string
  /** The URL as the caller sees it. Its query doesn't count. */
  readonly url: string
  /** The `DPoP` header, if the token came as `Authorization: DPoP …`. */
  readonly proof: string | undefined
}

interface Deps {
  readonly now: () => number
  readonly rememberProof: RememberProof
}

/** Checks that the sender of a bound token has its key (RFC 9449 section 7.1). Resolves to undefined if so. */
export async function checkBinding(
  { now, rememberProof }: Deps,
  { token, claims }: { readonly token: string; readonly claims: AnyClaims },
  presented: Partial<PresentedIn> | undefined,
): Promise<RefusalReason | undefined> {
  const bound = 'cnf' in claims ? claims.cnf?.jkt : undefined
  const text = presented?.proof
  // a proof for a token that isn't bound would protect nothing
  if (bound === undefined) return text === undefined ? undefined : 'bad_proof'
  if (!presented || text === undefined) return 'missing_proof'
  const { method = '', url = '' } = presented
  const proof = await checkProof(text, { method, url, now: now() / 1000, accessToken: token })
  if (typeof proof === 'string' || proof.jkt !== bound) return 'bad_proof'
  try {
    return (await rememberProof(proof.id, proof.exp)) ? undefined : 'bad_proof'
  } catch {
    return 'unavailable'
  }
}
