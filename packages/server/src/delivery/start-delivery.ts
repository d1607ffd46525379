import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { randomUuid } from '../ids.js'
import { resolveByDns } from '../outbound/public-addresses.js'
import type { DueEndpoint, WebhookAttempt } from '../store/queries/webhook-queue.js'
import type { Store } from '../store/store.js'
import { type AttemptDeps, attemptDelivery, attemptMilliseconds } from './attempt-delivery.js'
import { type Answer, type AttemptResult, judgeAnswer } from './judge-answer.js'

const pollMilliseconds = 500
const queueMilliseconds = 15_000
/** An attempt, and the write of what became of it. Another server makes the next attempt once the lease has ended. */
const leaseMilliseconds = attemptMilliseconds + 10_000
/** Attempts at a time in this process. A slow endpoint, or an account with many of them, leaves room for the others. */
const most = { perEndpoint: 4, perAccount: 8, inAll: 256 }
/** More pending deliveries are not counted. */
const countedAtMost = 100_000

interface Deps extends Omit<AttemptDeps, 'stopping' | 'outbound'> {
  /** Whether endpoints may be on this machine, for development. */
  readonly allowsLocal: boolean
  readonly clock: Clock
  readonly store: Pick<
    Store,
    | 'listDueEndpoints'
    | 'leaseWebhookDeliveries'
    | 'finishWebhookAttempt'
    | 'disableGoneEndpoint'
    | 'countPendingDeliveries'
  >
  readonly log: Pick<Logger, 'warn'>
  readonly metrics: {
    readonly countWebhookAttempt: (result: AttemptResult) => void
    readonly countDeadWebhooks: (count: number) => void
    readonly showWebhookQueue: (queue: { readonly pending: number; readonly oldestSeconds: number }) => void
  }
}

/** Sends what is due, until it is stopped. A stop interrupts the running attempts, which then are due at once. */
export function startDelivery(deps: Deps): () => Promise<void> {
  const { store, clock, log } = deps
  const stopping = new AbortController()
  const outbound = { resolve: resolveByDns, allowsLocal: deps.allowsLocal }
  const running = new Set<Promise<void>>()
  const busy = createSlots()
  let turn: Promise<void> | undefined
  let isAskedAgain = false

  const attempt = async (endpoint: DueEndpoint, delivery: WebhookAttempt) => {
    const release = busy.take(endpoint)
    try {
      const answer = await attemptDelivery({ ...deps, outbound, stopping: stopping.signal }, endpoint, delivery)
      await conclude(deps, endpoint, delivery, answer)
    } catch (cause) {
      // its lease ends, and then it is sent again with the same id
      log.warn({ cause }, 'The result of a webhook could not be stored.')
    } finally {
      release()
    }
  }
  const sendDue = async () => {
    for (const endpoint of await store.listDueEndpoints(clock.now())) {
      const limit = busy.free(endpoint)
      if (limit <= 0 || stopping.signal.aborted) continue
      const now = clock.now()
      const lease = { lease: randomUuid(clock), now, until: now + leaseMilliseconds, limit }
      for (const delivery of await store.leaseWebhookDeliveries(endpoint.id, lease)) {
        const sent = attempt(endpoint, delivery).finally(() => {
          running.delete(sent)
          look()
        })
        running.add(sent)
      }
    }
  }
  /** Looks for due deliveries. While it looks, it is asked once more. */
  const look = () => {
    if (stopping.signal.aborted) return
    if (turn) {
      isAskedAgain = true
      return
    }
    turn = sendDue()
      .catch((cause: unknown) => log.warn({ cause }, 'Due webhooks could not be read.'))
      .then(() => {
        turn = undefined
        if (isAskedAgain) setImmediate(look)
        isAskedAgain = false
      })
  }
  const timers = [
    setInterval(look, pollMilliseconds).unref(),
    setInterval(() => void showQueue(deps), queueMilliseconds).unref(),
  ]
  return async () => {
    timers.forEach(clearInterval)
    stopping.abort()
    await turn
    await Promise.all(running)
  }
}

async function conclude(
  { store, clock, log, metrics }: Deps,
  endpoint: DueEndpoint,
  delivery: WebhookAttempt,
  answer: Answer,
): Promise<void> {
  metrics.countWebhookAttempt(answer.result)
  const now = clock.now()
  const jitter = clock.random(4).readUInt32BE() / 2 ** 32
  const outcome = judgeAnswer(delivery, answer, now, jitter)
  const isWritten = await store.finishWebhookAttempt(delivery, outcome)
  if (isWritten && outcome.state === 'dead') metrics.countDeadWebhooks(1)
  if (answer.result !== 'gone' || !(await store.disableGoneEndpoint(endpoint, now))) return
  const { id, account_id } = endpoint
  log.warn({ account_id, webhook_id: id }, 'A webhook endpoint answered 410 and was disabled.')
}

async function showQueue({ store, clock, metrics, log }: Deps): Promise<void> {
  try {
    const { pending, oldest } = await store.countPendingDeliveries(countedAtMost)
    metrics.showWebhookQueue({ pending, oldestSeconds: oldest === null ? 0 : (clock.now() - oldest) / 1000 })
  } catch (cause) {
    log.warn({ cause }, 'Pending webhooks could not be counted.')
  }
}

/** How many attempts are running, by endpoint and by account. */
function createSlots() {
  const taken = new Map<string, number>()
  let inAll = 0
  const add = (key: string, count: number) => {
    const next = (taken.get(key) ?? 0) + count
    if (next === 0) taken.delete(key)
    else taken.set(key, next)
  }
  type Owner = Pick<DueEndpoint, 'id' | 'account_id'>
  const addFor = ({ id, account_id }: Owner, count: number) => {
    inAll += count
    add(id, count)
    add(`account ${account_id}`, count)
  }
  return {
    free: ({ id, account_id }: Owner): number =>
      Math.min(
        most.inAll - inAll,
        most.perEndpoint - (taken.get(id) ?? 0),
        most.perAccount - (taken.get(`account ${account_id}`) ?? 0),
      ),
    take(owner: Owner): () => void {
      addFor(owner, 1)
      return () => addFor(owner, -1)
    },
  }
}
