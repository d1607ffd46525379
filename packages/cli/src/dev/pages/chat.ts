import { connectToHost } from '@hallpass/client/embed'
import { element, metaOf, show } from './elements.js'

/** A chat that repeats what the visitor says, in a session of the page that mounted it. */
async function open(): Promise<void> {
  const { session } = await connectToHost({ baseUrl: metaOf('hallpass-url') })
  const config = await session.config()
  const { auth_mode, visitor_id, user } = await session.begin()
  const lines = element('ol', { ariaLive: 'polite' }, element('li', {}, config.copy.greeting ?? 'Hi!'))
  const field = element('input', { name: 'text', required: true, maxLength: 500, autocomplete: 'off' })
  field.setAttribute('aria-label', 'Message')
  const form = element('form', {}, field, element('button', {}, 'Send'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const text = field.value
    field.value = ''
    lines.append(element('li', { className: 'own' }, text))
    lines.append(element('li', {}, await replyTo(text)))
    lines.lastElementChild?.scrollIntoView()
  })
  const who = auth_mode === 'guest' ? 'a guest' : (user?.display_name ?? user?.id ?? 'a user')
  show(element('h1', {}, config.agent.display_name), lines, form, element('p', {}, `You are ${who}: ${visitor_id}`))

  async function replyTo(text: string): Promise<string> {
    try {
      const response = await session.fetchWithSession('/api/messages', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text }),
      })
      const { reply, error }: { reply?: string; error?: string } = await response.json()
      return reply ?? error ?? 'No response.'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

open().catch((error: unknown) =>
  show(element('p', { role: 'alert' }, error instanceof Error ? error.message : String(error))),
)
