import type { Clock } from '../clock.js'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import type { SealingKeys } from '../crypto/derive-keys.js'
import { openNumbered, sealNumbered } from '../crypto/numbered-seal.js'

const prefix = 'whsec_'
const secretBytes = 32

/** As Standard Webhooks spells it. */
export const generateWebhookSecret = ({ random }: Pick<Clock, 'random'>): string =>
  prefix + random(secretBytes).toString('base64')

export const sealWebhookSecret = (
  keys: SealingKeys,
  endpointId: string,
  plaintext: string,
  random: Clock['random'],
): string => sealNumbered(keys, 'webhookSecret', { plaintext, context: contextOf(endpointId) }, random)

/** Undefined if it was altered, or if its data key isn't known here. */
export const openWebhookSecret = (
  ring: Pick<DataKeyRing, 'byId'>,
  endpointId: string,
  sealed: string,
): string | undefined => openNumbered(ring, 'webhookSecret', sealed, contextOf(endpointId))

interface SealedSecrets {
  readonly id: string
  readonly sealed_secret: string
  readonly sealed_previous: string | null
}

/** The secrets of an endpoint, sealed under other keys. Undefined for a damaged row, which is useless under any key. */
export function resealWebhookSecrets(
  ring: Pick<DataKeyRing, 'byId'>,
  { id, sealed_secret, sealed_previous }: SealedSecrets,
  keys: SealingKeys,
  random: Clock['random'],
): Omit<SealedSecrets, 'id'> | undefined {
  const reseal = (sealed: string) => {
    const secret = openWebhookSecret(ring, id, sealed)
    return secret === undefined ? undefined : sealWebhookSecret(keys, id, secret, random)
  }
  const secret = reseal(sealed_secret)
  if (secret === undefined) return undefined
  return { sealed_secret: secret, sealed_previous: (sealed_previous && reseal(sealed_previous)) ?? null }
}

const contextOf = (endpointId: string) => `webhook-secret ${endpointId}`
