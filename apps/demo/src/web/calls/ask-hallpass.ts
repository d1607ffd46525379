import type { BackendAnswer, DemoSettings } from '../../shared/backend-api.js'
import { sendRequest } from './send-request.js'

const paths = {
  guest: '/api/v1/widget/auth/guest',
  exchange: '/api/v1/widget/auth/exchange',
  refresh: '/api/v1/widget/auth/refresh',
} as const

/** Asks one of the doors that are open to pages, across origins and without a key. */
export function askHallpass<T>(settings: DemoSettings, door: keyof typeof paths, body: object) {
  return ask<T>(`${settings.hallpassUrl}${paths[door]}`, { method: 'POST', body })
}

/** Asks how the widget of the shop's client key is to look. */
export function askForConfig<T>({ hallpassUrl, clientKey }: DemoSettings) {
  return ask<T>(`${hallpassUrl}/api/v1/widget/config?client_key=${encodeURIComponent(clientKey)}`, { method: 'GET' })
}

async function ask<T>(url: string, parts: Parameters<typeof sendRequest>[2]): Promise<BackendAnswer<T>> {
  const { call, response } = await sendRequest('hallpass', url, parts)
  const calls = [call]
  if (!response) return { refusal: { reason: 'network', message: 'Hallpass did not answer.' }, calls }
  // the body is what the documented contract says it is
  if (response.ok) return { answer: (await response.json()) as T, calls }
  const reason = response.headers.get('X-Error-Reason') ?? 'unknown'
  return { refusal: { reason, message: await response.text() }, calls }
}
