import type { DerivedKeys } from './data-key-ring.js'
import { keyedHash } from './keyed-hash.js'

/** The keyed hash that a card widget token is stored under, so that the table contains nothing that opens a widget. */
export const hashCardToken = (keys: DerivedKeys, token: string): string => keyedHash(keys.cardTokenHash, token)
