import { createContext, useContext } from 'react'
import type { DemoSettings } from '../../shared/backend-api.js'

const Settings = createContext<DemoSettings | undefined>(undefined)

/** Makes the settings known to everything below. */
export const SettingsProvider = Settings.Provider

/** Where everything is; the same for as long as the page stands. */
export function useSettings(): DemoSettings {
  const settings = useContext(Settings)
  if (!settings) throw new Error('this part of the page stands outside the settings')
  return settings
}
