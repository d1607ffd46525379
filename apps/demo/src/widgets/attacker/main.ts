import '../common/widget.css'
import './attacker.css'
import { visitorPaths } from '@hallpass/contracts/core'
import type { Call, DemoSettings } from '../../shared/backend-api.js'
import { type AttemptedMessage, demoMessages } from '../../shared/messages.js'
import { recordCall } from '../../shared/record-call.js'

/** The operations that a page can attempt without being on the allowlist. */
const attempts = { guest: 'visitor.guest', 'embed-ticket': 'visitor.embedTicket', config: 'visitor.config' } as const

type Attempt = keyof typeof attempts

const query = new URLSearchParams(location.search)
const attempt = attemptOf(query.get('attempt'))
const calls: Call[] = []
const refusal = await tryIt(attempt)

const said = document.querySelector('#said')
if (said) said.textContent = refusal ? `Refused: ${refusal.message}` : 'It worked, which is a bug.'
// the server writes the parent's origin into this page, and no other origin can frame it
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
    return { reason: 'network', message: 'Hallpass didn’t respond.' }
  }
}

function attemptOf(written: string | null): Attempt {
  return Object.keys(attempts).find((name): name is Attempt => name === written) ?? 'guest'
}
