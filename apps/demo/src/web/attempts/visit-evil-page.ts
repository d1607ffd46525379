import { type AttemptedMessage, demoMessages } from '../../shared/messages.js'
import type { ShownCall } from '../flow/exchange.js'
import type { AttemptNeeds } from './attempt.js'

const patienceMilliseconds = 10_000

/** Opens the evil page, on its own origin, and waits for what Hallpass said to it. */
export async function visitEvilPage(
  { settings, flow, stage }: AttemptNeeds,
  attempt: 'guest' | 'embed-ticket' | 'config',
): Promise<ShownCall> {
  const url = new URL(settings.evilUrl)
  url.search = new URLSearchParams({ parent: location.origin, attempt }).toString()
  const frame = document.createElement('iframe')
  frame.title = 'The evil page'
  frame.src = url.href
  const said = hear(url.origin, frame)
  stage.replaceChildren(frame)
  // it is a page like any other to its browser; in the diagram it has a lane of its own
  const calls = (await said).calls.map((call): ShownCall => ({ ...call, from: 'evil' }))
  flow.add(...calls)
  const last = calls.at(-1)
  if (!last) throw new Error('the evil page asked nothing')
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
      reject(new Error('the evil page said nothing'))
    }, patienceMilliseconds)
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('message', listen)
    }
    window.addEventListener('message', listen)
  })
}

const isAttempted = (data: unknown): data is AttemptedMessage =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === demoMessages.attempted
