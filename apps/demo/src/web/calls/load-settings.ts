import type { DemoSettings } from '../../shared/backend-api.js'

/** Asks the backend where everything is. Throws when it does not answer. */
export async function loadSettings(): Promise<DemoSettings> {
  const response = await fetch('/api/settings')
  if (!response.ok) throw new Error(`the backend answered ${response.status}`)
  // our own backend answers in this shape
  return (await response.json()) as DemoSettings
}
