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

/** Loads the demo's settings from the backend. Throws if it doesn't respond. */
export async function loadSettings(): Promise<DemoSettings> {
  const response = await fetch('/api/settings')
  if (!response.ok) throw new Error(`The backend responded with ${response.status}.`)
  // the demo's backend responds with this type
  return (await response.json()) as DemoSettings
}
