import { hkdfSync } from 'node:crypto'

/** One key for each use, so that no two uses can ever be confused; `idempotencyHash` is for keys and for what was asked under them. All are 32 bytes, made from the data key. */
export interface DerivedKeys {
  readonly apiKeyHash: Buffer
  readonly cardTokenHash: Buffer
  readonly idempotencyHash: Buffer
  readonly visitorId: Buffer
  readonly sealSigningKey: Buffer
  readonly sealRefreshToken: Buffer
  readonly refreshTokenNonce: Buffer
  readonly sealAnswer: Buffer
  readonly requestIdHash: Buffer
  readonly auditMac: Buffer
}

/** HKDF-SHA-256 (RFC 5869) of the data key, one label a use. */
export function deriveKeys(dataKey: Buffer): DerivedKeys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', dataKey, '', `hallpass/v1/${use}`, 32))
  return {
    apiKeyHash: derive('api-key-hash'),
    cardTokenHash: derive('card-token-hash'),
    idempotencyHash: derive('idempotency-hash'),
    visitorId: derive('visitor-id'),
    sealSigningKey: derive('seal-signing-key'),
    sealRefreshToken: derive('seal-refresh-token'),
    refreshTokenNonce: derive('refresh-token-nonce'),
    sealAnswer: derive('seal-answer'),
    requestIdHash: derive('request-id-hash'),
    auditMac: derive('audit-mac'),
  }
}
