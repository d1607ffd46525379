import { longestJwtSeconds, type TokenAlg } from '@hallpass/contracts'
import { isOfChain, type KeyChain, type StoredSigningKey } from '../store/queries/signing-keys.js'

const minute = 60_000
/** A verifier may keep a JWKS for 10 minutes, and may get it from a cache that keeps it for 5. */
export const announceMilliseconds = 15 * minute
/** After this time, every token of a retired key has expired, with a leeway for clocks that are behind. */
export const retireMilliseconds = longestJwtSeconds * 1000 + minute
export const maxAgeMilliseconds = 30 * 24 * 60 * minute

/** The state of a key. Times in milliseconds. */
export interface KeyStatus {
  readonly kid: string
  readonly alg: TokenAlg
  readonly state: 'announced' | 'active' | 'retiring'
  readonly created_at: number
  readonly activates_at: number
}

type Dated = Pick<StoredSigningKey, 'kid' | 'alg' | 'created_at' | 'activates_at' | 'for_client_keys' | 'unused_since'>

/** The server's own keys, whatever their algorithm. */
export const ofServer = { for_client_keys: null } as const
/** The keys for client keys with an algorithm. */
export const forAlg = (alg: TokenAlg) => ({ for_client_keys: 1, alg }) as const
export type Chain = typeof ofServer | ReturnType<typeof forAlg>

export const ofChain = <Key extends KeyChain>(keys: readonly Key[], chain: Chain): Key[] =>
  // the server's own keys are of one chain, whatever their algorithm
  keys.filter((key) => isOfChain(key, { alg: key.alg, ...chain }))

export const chainOf = ({ alg, for_client_keys }: KeyChain): Chain =>
  for_client_keys === null ? ofServer : forAlg(alg)

/** The state of each key at a time. The keys are given in order of activation, the last one first. */
export function statusesOf(keys: readonly Dated[], now: number): KeyStatus[] {
  return keys.map((key) => {
    const { kid, alg, created_at, activates_at } = key
    const active = activeOf(keys, chainOf(key), now)
    const other = activates_at > now ? 'announced' : 'retiring'
    const isActive = kid === active?.kid && key.unused_since === null
    return { kid, alg, state: isActive ? 'active' : other, created_at, activates_at }
  })
}

/**
 * The newest active key of a chain. If a clock that was ahead made the server's first key, that key is active all the
 * same.
 */
export function activeOf<Key extends Dated>(keys: readonly Key[], chain: Chain, now: number): Key | undefined {
  const own = ofChain(keys, chain)
  const active = own.find(({ activates_at }) => activates_at <= now)
  return active ?? (chain === ofServer ? own.at(-1) : undefined)
}
