import { isStoreFailure } from '../store/failure.js'
import type { EventOfCutoff } from '../store/queries/cutoffs.js'
import type { Store } from '../store/store.js'
import type { Span } from '../tracing/span.js'
import { type Steps, step } from '../tracing/steps.js'
import { formatTraceparent } from '../tracing/traceparent.js'
import type { Trace } from '../tracing/tracing.js'
import { extend } from './extend.js'
import type { Outcome } from './outcome.js'
import type { Services } from './services.js'

/**
 * The services for a call that belongs to a trace: requests to others and webhooks continue it, and what the store does
 * is recorded.
 */
export function traceServices(services: Services, steps: Steps, trace: Trace): Services {
  const { store, verifySubjectToken } = services
  const traceparent = () => (steps.span ? formatTraceparent(steps.span.ids) : trace.traceparent)
  return extend(services, {
    store: traceStore(store, steps, traceparent),
    verifySubjectToken: (...[client, token]: Parameters<typeof verifySubjectToken>) =>
      step(steps, 'verify subject token', () => verifySubjectToken(client, token, traceparent())),
  })
}

/** A store whose methods are recorded while the call runs. Its explanation, if it is refused, comes later. */
function traceStore(store: Store, steps: Steps, traceparent: () => string): Store {
  const traced =
    (eventOf: EventOfCutoff): EventOfCutoff =>
    (...ended) => {
      const event = eventOf(...ended)
      return event && { ...event, traceparent: traceparent() }
    }
  const telling: Pick<Store, 'addWebhookEvent' | 'addCutoff' | 'addFamilyCutoff'> = {
    addWebhookEvent: (accountId, event) => store.addWebhookEvent(accountId, { ...event, traceparent: traceparent() }),
    addCutoff: (accountId, cutoff, times, eventOf) => store.addCutoff(accountId, cutoff, times, traced(eventOf)),
    addFamilyCutoff: (accountId, family, times, eventOf) =>
      store.addFamilyCutoff(accountId, family, times, traced(eventOf)),
  }
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(name in telling ? telling : target, name)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      if (name === 'transaction') {
        return (run: (tx: Store) => Promise<unknown>) =>
          step(steps, 'store transaction', () => target.transaction((tx) => run(traceStore(tx, steps, traceparent))))
      }
      const call = (...args: unknown[]) => member.apply(target, args)
      return (...args: unknown[]) => (steps.span ? recordMethod(steps.span, name, () => call(...args)) : call(...args))
    },
  })
}

/** Several methods may run at a time, so none of them is the current step. */
async function recordMethod(outer: Span, name: string, run: () => Promise<unknown>): Promise<unknown> {
  const span = outer.begin(`store ${name}`, { 'db.operation.name': name })
  try {
    return await run()
  } catch (error) {
    if (isStoreFailure(error)) span.fail('unavailable')
    throw error
  } finally {
    span.end()
  }
}

/** Ends the span of a call. What happens afterwards is recorded nowhere. */
export function endCall(steps: Steps, outcome: Outcome): void {
  const { span } = steps
  steps.span = undefined
  if (!span) return
  if ('error' in outcome) {
    const { publicReason, status } = outcome.error
    span.set({ 'hallpass.refusal': publicReason })
    if (status >= 500) span.fail(publicReason)
  } else if (outcome.answer.replayed) span.set({ 'hallpass.replayed': true })
  span.end()
}
