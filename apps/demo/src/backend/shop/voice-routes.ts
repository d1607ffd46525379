import type { HallpassClient } from '@hallpass/client'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { exhibit as ownExhibit, type Voice } from '../../shared/voice-api.js'
import type { Addresses } from '../addresses.js'
import { replyFromHallpass } from '../hallpass/ask-hallpass.js'
import type { Shop } from '../read-shop.js'
import * as bodies from './bodies.js'
import { optionsOf } from './call-options.js'
import { mintVoiceToken } from './mint-voice-token.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  readonly shop: Pick<Shop, 'secretKey' | 'user' | 'otherAccount'>
}

/** The museum's API: tokens of its declared kind, for the logged-in user. */
export function registerVoiceRoutes(app: FastifyInstance, { addresses, shop }: Deps): void {
  const { secretKey, user, otherAccount } = shop
  const ask = <T>(reply: FastifyReply, question: (hallpass: HallpassClient) => Promise<T>, key: string = secretKey) =>
    replyFromHallpass(reply, { hallpassUrl: addresses.hallpassUrl, secretKey: key, as: 'backend' }, question)

  app.post<{ Body: bodies.VoiceToken }>(
    '/api/voice-token',
    { schema: { body: bodies.voiceToken } },
    (request, reply) => {
      const { voice = 'coral', exhibit = ownExhibit } = request.body ?? {}
      // Hallpass validates the voice
      const call = { visitor: user.id, exhibit, voice: voice as Voice }
      return ask(reply, (hallpass) => mintVoiceToken(hallpass, call, optionsOf(request.body)))
    },
  )

  app.post<{ Body: bodies.VoiceRedeem }>(
    '/api/voice-redeem',
    { schema: { body: bodies.voiceRedeem } },
    (request, reply) => {
      const { token, kind = 'voice-guide', action, exhibit = ownExhibit, by } = request.body
      const input = { token, kind, resource: exhibit, ...(action === undefined ? {} : { action }) }
      const key = by === 'otherAccount' ? otherAccount.secretKey : secretKey
      return ask(reply, (hallpass) => hallpass.kinds.redeem(input, optionsOf(request.body)), key)
    },
  )

  app.post<{ Body: bodies.VoiceRevoke }>(
    '/api/voice-revoke',
    { schema: { body: bodies.voiceRevoke } },
    (request, reply) => {
      const { by, exhibit = ownExhibit } = request.body
      const ended = { kind: { kind: 'voice-guide' }, subject: { subject: user.id }, resource: { resource: exhibit } }[
        by
      ]
      return ask(reply, (hallpass) => hallpass.admin.sessions.revoke(ended))
    },
  )
}
