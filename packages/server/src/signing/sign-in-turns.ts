import { sign } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { algorithms, jwsKey } from './algorithms.js'
import type { SigningKey } from './held-keys.js'
import { encodeHeader } from './sign-token.js'

/** How much is encoded without a pause: well under a millisecond. */
const turnLength = 60_000

/**
 * Makes a compact JWS (RFC 7515 section 7.1) with a long payload. Its JSON comes in parts, other requests run between
 * two parts, and it is signed outside the event loop.
 */
export async function signInTurns(key: SigningKey, typ: string, parts: Iterable<string>): Promise<Buffer> {
  const encoded = [Buffer.from(`${encodeHeader(key, typ)}.`)]
  let text = ''
  let rest = Buffer.alloc(0)
  for (const part of parts) {
    text += part
    if (text.length < turnLength) continue
    const bytes = Buffer.concat([rest, Buffer.from(text)])
    // three bytes make four characters, so a part is cut at a multiple of three
    const whole = bytes.length - (bytes.length % 3)
    encoded.push(Buffer.from(bytes.toString('base64url', 0, whole)))
    rest = bytes.subarray(whole)
    text = ''
    await nextTurn()
  }
  encoded.push(Buffer.from(Buffer.concat([rest, Buffer.from(text)]).toString('base64url')))
  const input = Buffer.concat(encoded)
  const signature = await signBeside(key, input)
  return Buffer.concat([input, Buffer.from(`.${signature.toString('base64url')}`)])
}

function signBeside({ alg, privateKey }: SigningKey, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null, signature: Buffer) => (error ? reject(error) : resolve(signature))
    sign(algorithms[alg].digest, input, jwsKey(privateKey), end)
  })
}
