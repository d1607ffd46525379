import type { WidgetConfig } from '@hallpass/contracts'
import { useEffect, useState } from 'react'
import type { WidgetSessionError } from '../browser/errors.js'
import type { WidgetSession } from '../browser/session-types.js'

/** What a widget shows before anyone is known; neither member is there while it is read. */
export interface UsedWidgetConfig {
  readonly config?: WidgetConfig
  readonly error?: WidgetSessionError
}

/** Reads the config of a session's client key, once. */
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
