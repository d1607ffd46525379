import { v7 } from 'uuid'
import type { Clock } from './clock.js'

/** A new id that says when it was made, to the millisecond (UUID version 7, RFC 9562). For names, never for secrets. */
export const newId = (clock: Clock): string => v7({ msecs: clock.now(), random: clock.random(16) })
