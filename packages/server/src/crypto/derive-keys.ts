import { hkdfSync } from 'node:crypto'

/**
 * Keys that never change. Hashes under them can't be recomputed without the plaintext, and some results, such as a
 * visitor_id, must stay the same. `idempotencyHash` is for idempotency keys and for the requests made with them.
 */
export interface LookupKeys {
  readonly apiKeyHash: Buffer
  readonly cardTokenHash: Buffer
  readonly idempotencyHash: Buffer
  readonly visitorId: Buffer
  readonly requestIdHash: Buffer
}

/**
 * Keys of one data key. Each use has its own, so that two uses can't be confused. They are dropped with the data key.
 */
export interface SealingKeys {
  /** Written in front of everything that they seal. 0 is the only data key of databases from before rings existed. */
  readonly id: number
  readonly signingKey: Buffer
  readonly refreshToken: Buffer
  readonly refreshTokenNonce: Buffer
  readonly answer: Buffer
  readonly webhookSecret: Buffer
  /** Authenticates audit entries and doesn't encrypt them: see createAuditSealer. */
  readonly auditMac: Buffer
  readonly rowMac: Buffer
}

/** HKDF-SHA-256 (RFC 5869), with a separate label for each use. */
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
    webhookSecret: deriveKey(key, 'seal-webhook-secret'),
    auditMac: deriveKey(key, 'audit-mac'),
    rowMac: deriveKey(key, 'row-mac'),
  }
}
