import type { DerivedKeys } from './data-key-ring.js'
import { keyedHash } from './keyed-hash.js'

/** The name that a card widget token is kept under: its keyed hash, so that the table holds nothing that opens a widget. */
export const hashCardToken = (keys: DerivedKeys, token: string): string => keyedHash(keys.cardTokenHash, token)
