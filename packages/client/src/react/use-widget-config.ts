import type { WidgetConfig } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import type { WidgetSessionError } from '../browser/errors.js'
import type { WidgetSession } from '../browser/session-types.js'

/** The widget config or the error. Both are absent while the config loads. */
export interface UsedWidgetConfig {
  readonly config?: WidgetConfig
  readonly error?: WidgetSessionError
}

/** Loads the config of the session's client key, once for each session. */
export function useWidgetConfig(session: WidgetSession): UsedWidgetConfig {
  const [read, setRead] = useState<UsedWidgetConfig & { readonly session?: WidgetSession }>({})
  useEffect(() => {
    let isWanted = true
    const show = (result: UsedWidgetConfig) => {
      if (isWanted) setRead({ ...result, session })
    }
    session.config().then(
      (config) => show({ config }),
      (error: WidgetSessionError) => show({ error }),
    )
    return () => {
      isWanted = false
    }
  }, [session])
  return read.session === session ? read : {}
}
