import type { Clock } from '../clock.js'
import type { DerivedKeys } from './data-key-ring.js'
import { keyedHash } from './keyed-hash.js'

const prefix = 'hpkt_'

/** Whether a token may be an opaque one of a declared kind. */
export const isKindToken = (token: string): boolean => token.startsWith(prefix)

/** A new opaque token of a declared kind: 256 random bits. */
export const newKindToken = ({ random }: Pick<Clock, 'random'>): string =>
  `${prefix}${random(32).toString('base64url')}`

/** The keyed hash that it is stored under. Card tokens have the same key, but never begin with this word. */
export const hashKindToken = (keys: DerivedKeys, token: string): string =>
  keyedHash(keys.cardTokenHash, `kind token ${token}`)
