import '../common/widget.css'
import './evil.css'
import { visitorPaths } from '@hallpass/contracts/core'
import type { Call, DemoSettings } from '../../shared/backend-api.js'
import { type AttemptedMessage, demoMessages } from '../../shared/messages.js'
import { recordCall } from '../../shared/record-call.js'

/** What a page without a place on the allowlist may try: the doors that are open to pages. */
const attempts = { guest: 'visitor.guest', 'embed-ticket': 'visitor.embedTicket', config: 'visitor.config' } as const

type Attempt = keyof typeof attempts

const query = new URLSearchParams(location.search)
const attempt = attemptOf(query.get('attempt'))
const calls: Call[] = []
const refusal = await tryIt(attempt)

const said = document.querySelector('#said')
if (said) said.textContent = refusal ? `Refused: ${refusal.message}` : 'It worked. It should not have.'
// the page that opened this one is known to the server, which lets no other show it
const parent = document.querySelector<HTMLMetaElement>('meta[name="parent-origin"]')?.content
if (parent !== undefined && window.parent !== window) {
  const message: AttemptedMessage = { type: demoMessages.attempted, attempt, calls, ...(refusal ? { refusal } : {}) }
  window.parent.postMessage(message, parent)
}

async function tryIt(name: Attempt) {
  const settings = (await (await fetch('/api/settings')).json()) as Pick<DemoSettings, 'hallpassUrl' | 'clientKey'>
  const operation = attempts[name]
  const isRead = name === 'config'
  const url = new URL(visitorPaths[operation], settings.hallpassUrl)
  if (isRead) url.searchParams.set('client_key', settings.clientKey)
  const init: RequestInit = isRead
    ? {}
    : {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ client_key: settings.clientKey }),
      }
  try {
    const asked = { url: url.href, init, operation }
    const response = await recordCall({ from: 'browser', to: 'hallpass' }, asked, (call) => calls.push(call))
    if (response.ok) return undefined
    return { reason: response.headers.get('X-Error-Reason') ?? 'unknown', message: await response.text() }
  } catch {
    return { reason: 'network', message: 'Hallpass did not answer.' }
  }
}

function attemptOf(written: string | null): Attempt {
  return Object.keys(attempts).find((name): name is Attempt => name === written) ?? 'guest'
}
