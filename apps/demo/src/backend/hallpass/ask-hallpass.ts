import { createHallpassClient, type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { FastifyReply } from 'fastify'
import type { Actor, BackendAnswer, Call } from '../../shared/backend-api.js'
import { recordCall } from '../../shared/record-call.js'

/** As whom a backend asks. */
export interface Asker {
  readonly hallpassUrl: string
  /** Stays in this process. */
  readonly secretKey: string
  /** The backend's part in the flows. */
  readonly as: Actor
}

/** What a backend answers a page, and with which status. */
export interface BackendReply<T> {
  readonly status: number
  readonly body: BackendAnswer<T>
}

/** Asks Hallpass. A refusal is an outcome that the page shows, so it is returned; a fault of ours is thrown. */
export async function askHallpass<T>(
  asker: Asker,
  ask: (hallpass: HallpassClient) => Promise<T>,
): Promise<BackendReply<T>> {
  const calls: Call[] = []
  const hallpass = createHallpassClient({
    baseUrl: asker.hallpassUrl,
    apiKey: asker.secretKey,
    fetch: recordingFetch(asker.as, calls),
    // each call is shown as it went, so none is repeated in silence
    maxRetries: 0,
  })
  try {
    return { status: 200, body: { answer: await ask(hallpass), calls } }
  } catch (error) {
    if (!(error instanceof HallpassClientError)) throw error
    const { reason, message, details } = error
    // a 401 would tell the page that its own token is over, where it is the key of this backend that was refused
    const isKeyRefused = calls.at(-1)?.status === 401
    const status = isKeyRefused ? noAnswerStatus : (details.status ?? noAnswerStatus)
    return { status, body: { refusal: { reason, message }, calls } }
  }
}

/** Answers a page with what came of asking. */
export async function replyFromHallpass<T>(
  reply: FastifyReply,
  asker: Asker,
  ask: (hallpass: HallpassClient) => Promise<T>,
): Promise<FastifyReply> {
  const { status, body } = await askHallpass(asker, ask)
  return reply.status(status).send(body)
}

/** A fetch that writes down each call it makes to Hallpass, so that the page can show it. */
function recordingFetch(from: Actor, calls: Call[]): typeof fetch {
  return (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    const operation = /\/trpc\/([\w.]+)/.exec(url)?.[1]
    return recordCall({ from, to: 'hallpass' }, { url, init, operation }, (call) => calls.push(call))
  }
}

const noAnswerStatus = 502
