import { type AttemptedMessage, demoMessages } from '../../shared/messages.js'
import type { ShownCall } from '../flow/exchange.js'
import type { AttemptDeps } from './attempt.js'

const timeoutMilliseconds = 10_000

/** Opens the attacker's page on its own origin, and waits for the calls that it made to Hallpass. */
export async function visitAttackerPage(
  { settings, flow, stage }: AttemptDeps,
  attempt: 'guest' | 'embed-ticket' | 'config',
): Promise<ShownCall> {
  const url = new URL(settings.attackerUrl)
  url.search = new URLSearchParams({ parent: location.origin, attempt }).toString()
  const frame = document.createElement('iframe')
  frame.title = 'The attacker’s page'
  frame.src = url.href
  const said = hear(url.origin, frame)
  stage.replaceChildren(frame)
  // the page records its calls as a browser's; the diagram shows them in a separate lane
  const calls = (await said).calls.map((call): ShownCall => ({ ...call, from: 'attacker' }))
  flow.add(...calls)
  const last = calls.at(-1)
  if (!last) throw new Error('The attacker’s page made no request.')
  return last
}

function hear(origin: string, frame: HTMLIFrameElement): Promise<AttemptedMessage> {
  return new Promise((resolve, reject) => {
    const listen = (event: MessageEvent<unknown>) => {
      if (event.origin !== origin || event.source !== frame.contentWindow || !isAttempted(event.data)) return
      end()
      resolve(event.data)
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error('The attacker’s page didn’t respond.'))
    }, timeoutMilliseconds)
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('message', listen)
    }
    window.addEventListener('message', listen)
  })
}

const isAttempted = (data: unknown): data is AttemptedMessage =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === demoMessages.attempted
