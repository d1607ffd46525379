import type { DemoSettings } from '../../shared/backend-api.js'

/** Loads the demo's settings from the backend. Throws if it doesn't respond. */
export async function loadSettings(): Promise<DemoSettings> {
  const response = await fetch('/api/settings')
  if (!response.ok) throw new Error(`The backend responded with ${response.status}.`)
  // the demo's backend responds with this type
  return (await response.json()) as DemoSettings
}
