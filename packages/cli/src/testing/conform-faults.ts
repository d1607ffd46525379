import { bridgeFaults } from './bridge-faults.js'
import { cardFaults } from './card-faults.js'
import type { ConformFault } from './faults.js'
import { visitorFaults } from './visitor-faults.js'

/** Faults of a server, with the API and the checks that must name each. */
export const conformFaults = (key: string, origin: string): readonly ConformFault[] => [
  ...bridgeFaults(key),
  ...visitorFaults(key, origin),
  ...cardFaults,
]
