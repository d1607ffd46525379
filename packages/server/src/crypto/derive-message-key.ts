import { createCipheriv } from 'node:crypto'

const blockBytes = 16
/** The reduction constant for doubling a block in GF(2^128) (NIST SP 800-38B, section 5.3). */
const reduction = 0x87

/**
 * The AES-256-GCM key and nonce of one message, from a key and a nonce of 24 bytes: XAES-256-GCM (c2sp.org/XAES-256-GCM).
 * Nonces of 24 random bytes don't collide in practice, however many messages a key seals.
 */
export function deriveMessageKey(key: Buffer, nonce: Buffer): { readonly key: Buffer; readonly nonce: Buffer } {
  const mask = double(encryptBlocks(key, Buffer.alloc(blockBytes)))
  const context = nonce.subarray(0, 12)
  const blocks = [1, 2].map((counter) => xor(Buffer.concat([Buffer.of(0, counter, 0x58, 0), context]), mask))
  return { key: encryptBlocks(key, Buffer.concat(blocks)), nonce: nonce.subarray(12) }
}

/** Encrypts each block separately: only used on blocks that differ. */
function encryptBlocks(key: Buffer, blocks: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()])
}

function double(block: Buffer): Buffer {
  const doubled = Buffer.from(block.map((byte, at) => (byte << 1) | ((block[at + 1] ?? 0) >> 7)))
  const carry = block.readUInt8(0) >> 7
  doubled.writeUInt8(doubled.readUInt8(blockBytes - 1) ^ (carry * reduction), blockBytes - 1)
  return doubled
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)))
