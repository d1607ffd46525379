import { isTransient, type WidgetSessionError } from '../browser/errors.js'
import { packError } from '../browser/portable-error.js'
import type { WidgetSession } from '../browser/session-types.js'

/** The event without class instances, which messages can't contain. */
export const refusedEvent = (error: WidgetSessionError) => ({ type: 'refused', error: packError(error) })

/**
 * Reports the events of a widget's session to the host page, and why the widget has no session or config if that isn't an
 * event, because it is only temporary. Returns the session whose failures are reported, and a function that stops.
 */
export function reportSession(session: WidgetSession, report: (event: object) => void): [WidgetSession, () => void] {
  let reported: string | undefined
  const fail = (error: WidgetSessionError) => {
    // each try fails again
    if (error.reason !== reported) report(refusedEvent(error))
    reported = error.reason
  }
  const stopEvents = session.subscribe((event) => {
    reported = undefined
    report(event.type === 'refused' ? refusedEvent(event.error) : event)
  })
  const stopStates = session.watch(() => {
    const { visitor, error } = session.state()
    // a session that can't be refreshed at the moment goes on
    if (error && !visitor && isTransient(error)) fail(error)
  })
  const config: WidgetSession['config'] = (options) =>
    session.config(options).catch((error) => {
      if (error.reason !== 'aborted') fail(error)
      throw error
    })
  return [
    { ...session, config },
    () => {
      stopEvents()
      stopStates()
    },
  ]
}
