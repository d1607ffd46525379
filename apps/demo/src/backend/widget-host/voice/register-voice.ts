import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { CallAnswer, CallStarted } from '../../../shared/voice-api.js'
import type { Addresses } from '../../addresses.js'
import { askHallpass } from '../../hallpass/ask-hallpass.js'
import { setBounded } from '../set-bounded.js'
import { guideOf } from './guide.js'
import { startCall } from './start-call.js'

interface Deps {
  readonly addresses: Pick<Addresses, 'hallpassUrl'>
  /** A key with the scope to redeem tokens. */
  readonly secretKey: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Call {
  readonly exhibit: string
  /** Milliseconds since the epoch. */
  readonly endsAt: number
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const
const start = {
  type: 'object',
  required: ['token', 'exhibit'],
  additionalProperties: false,
  properties: { token: text(4096), exhibit: text(40) },
} as const
const ask = {
  type: 'object',
  required: ['call_id', 'question'],
  additionalProperties: false,
  properties: { call_id: text(36), question: text(100) },
} as const

const mostCalls = 500

/** The voice guide's API. A token starts one call, which ends after the minutes that the token permits. */
export function registerVoice(app: FastifyInstance, { addresses, secretKey, now }: Deps): void {
  const running = new Map<string, Call>()

  app.post<{ Body: { token: string; exhibit: string } }>(
    '/api/voice/start',
    { schema: { body: start } },
    async (request, reply) => {
      const { token, exhibit } = request.body
      const asker = { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' } as const
      const { status, body } = await askHallpass(asker, (hallpass) => startCall(hallpass, token, exhibit))
      if ('refusal' in body) return reply.status(status).send(body)
      const { claims, uses_left } = body.answer
      const guide = guideOf(exhibit)
      if (!guide) return refuse(reply, 'not_found', 'This exhibit has no guide.')
      const call_id = randomUUID()
      setBounded(running, [call_id, { exhibit, endsAt: now() + claims.max_minutes * 60_000 }], mostCalls)
      const answer: CallStarted = {
        call_id,
        ...claims,
        uses_left,
        line: guide.greeting,
        questions: Object.keys(guide.answers),
      }
      return reply.send({ answer, calls: body.calls })
    },
  )

  app.post<{ Body: { call_id: string; question: string } }>(
    '/api/voice/ask',
    { schema: { body: ask } },
    (request, reply) => {
      const call = running.get(request.body.call_id)
      if (!call || call.endsAt <= now()) return refuse(reply, 'call_over', 'This call has ended.')
      const line = guideOf(call.exhibit)?.answers[request.body.question]
      if (line === undefined) return refuse(reply, 'not_found', 'The guide doesn’t know.')
      const answer: CallAnswer = { line }
      return reply.send({ answer, calls: [] })
    },
  )
}

const refuse = (reply: FastifyReply, reason: string, message: string) =>
  reply.status(404).send({ refusal: { reason, message }, calls: [] })
