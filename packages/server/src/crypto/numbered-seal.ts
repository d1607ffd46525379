import type { DataKeyRing } from './data-key-ring.js'
import type { SealingKeys } from './derive-keys.js'
import { open, seal, sealDeterministic, sealNonceBytes, shortNonceBytes } from './seal.js'

type Use = Exclude<keyof SealingKeys, 'id' | 'refreshTokenNonce' | 'rowMac' | 'auditMac'>

/** A plaintext and its context. The same context is needed to open it. */
interface Message {
  readonly plaintext: string
  readonly context: string
}

/** Seals under a data key: `<id>.<sealed>`. The key 0 writes no id, as before ids existed. */
export function sealNumbered(
  keys: SealingKeys,
  use: Use,
  { plaintext, context }: Message,
  random: (bytes: number) => Buffer,
): string {
  return numbered(keys, seal(keys[use], random(nonceBytesOf(keys)), plaintext, context))
}

/** Like {@link sealNumbered}, but the same message always gives the same bytes. */
export function sealRefresh(keys: SealingKeys, { plaintext, context }: Message): string {
  const { refreshToken, refreshTokenNonce } = keys
  return numbered(keys, sealDeterministic(refreshToken, refreshTokenNonce, plaintext, context, nonceBytesOf(keys)))
}

/** The plaintext. Undefined if it was altered, or if its data key isn't known here. */
export function openNumbered(
  ring: Pick<DataKeyRing, 'byId'>,
  use: Use,
  sealed: string,
  context: string,
): string | undefined {
  const { id, text } = readId(sealed)
  const keys = ring.byId(id)
  return keys && open(keys[use], text, context, nonceBytesOf(keys))
}

/**
 * Like {@link openNumbered}, but first looks for a data key that another process may have just made. Not for use in a
 * transaction.
 */
export async function learnAndOpen(
  ring: Pick<DataKeyRing, 'byId' | 'learn'>,
  use: Use,
  sealed: string,
  context: string,
): Promise<string | undefined> {
  await ring.learn(dataKeyIdOf(sealed))
  return openNumbered(ring, use, sealed, context)
}

/** The id of the data key that sealed this. */
export const dataKeyIdOf = (sealed: string): number => readId(sealed).id

function readId(sealed: string): { readonly id: number; readonly text: string } {
  const [, id, text = ''] = /^([1-9]\d{0,8})\.(.*)$/s.exec(sealed) ?? []
  return id === undefined ? { id: 0, text: sealed } : { id: Number(id), text }
}

const numbered = ({ id }: SealingKeys, sealed: string) => (id === 0 ? sealed : `${id}.${sealed}`)
const nonceBytesOf = ({ id }: Pick<SealingKeys, 'id'>) => (id === 0 ? shortNonceBytes : sealNonceBytes)
