import { v7 } from 'uuid'
import type { Clock } from './clock.js'

/** A new id that says when it was made, to the millisecond (UUID version 7, RFC 9562). For names, never for secrets. */
export const newId = (clock: Clock): string => v7({ msecs: clock.now(), random: clock.random(16) })

/** When an id was made: milliseconds since the epoch. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
