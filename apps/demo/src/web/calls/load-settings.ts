import type { DemoSettings } from '../../shared/backend-api.js'

/** Asks the backend where Hallpass is. Throws when the backend does not answer. */
export async function loadSettings(): Promise<DemoSettings> {
  const response = await fetch('/api/settings')
  if (!response.ok) throw new Error(`the backend answered ${response.status}`)
  return (await response.json()) as DemoSettings
}
