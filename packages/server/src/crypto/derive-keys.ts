import { hkdfSync } from 'node:crypto'

/**
 * Keys that never change: hashes under them can't be computed again without the plaintext, and what they make (a
 * visitor_id, say) has to stay the same. `idempotencyHash` is for keys and for what was asked under them.
 */
export interface LookupKeys {
  readonly apiKeyHash: Buffer
  readonly cardTokenHash: Buffer
  readonly idempotencyHash: Buffer
  readonly visitorId: Buffer
  readonly requestIdHash: Buffer
}

/** Keys of one data key, one for each use, so that no two uses can ever be confused. They go when the data key goes. */
export interface SealingKeys {
  /** Stands in front of everything that they seal. 0 is the only data key of databases from before there was a ring. */
  readonly id: number
  readonly signingKey: Buffer
  readonly refreshToken: Buffer
  readonly refreshTokenNonce: Buffer
  readonly answer: Buffer
  /** Entries of the history are not sealed with it, but held: see createAuditSealer. */
  readonly auditMac: Buffer
  readonly rowMac: Buffer
}

/** HKDF-SHA-256 (RFC 5869), one label a use. */
export const deriveKey = (root: Buffer, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', root, '', `hallpass/v1/${use}`, 32))

export function deriveLookupKeys(root: Buffer): LookupKeys {
  return {
    apiKeyHash: deriveKey(root, 'api-key-hash'),
    cardTokenHash: deriveKey(root, 'card-token-hash'),
    idempotencyHash: deriveKey(root, 'idempotency-hash'),
    visitorId: deriveKey(root, 'visitor-id'),
    requestIdHash: deriveKey(root, 'request-id-hash'),
  }
}

export function deriveSealingKeys({ id, key }: { readonly id: number; readonly key: Buffer }): SealingKeys {
  return {
    id,
    signingKey: deriveKey(key, 'seal-signing-key'),
    refreshToken: deriveKey(key, 'seal-refresh-token'),
    refreshTokenNonce: deriveKey(key, 'refresh-token-nonce'),
    answer: deriveKey(key, 'seal-answer'),
    auditMac: deriveKey(key, 'audit-mac'),
    rowMac: deriveKey(key, 'row-mac'),
  }
}
