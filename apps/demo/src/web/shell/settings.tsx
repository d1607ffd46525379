import { createContext, useContext } from 'react'
import type { DemoSettings } from '../../shared/backend-api.js'

const Settings = createContext<DemoSettings | undefined>(undefined)

/** Provides the demo's settings. */
export const SettingsProvider = Settings.Provider

/** The demo's settings, such as the URLs of its sites. They never change while the page is open. */
export function useSettings(): DemoSettings {
  const settings = useContext(Settings)
  if (!settings) throw new Error('useSettings must be called inside a SettingsProvider.')
  return settings
}
