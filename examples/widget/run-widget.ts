import { connectToHost } from '@hallpass/client/embed'

/** The page in the iframe. It connects to the host page and acts for its visitor. */
export async function runWidget(baseUrl: string, messagesUrl: string): Promise<void> {
  const host = await connectToHost({ baseUrl, resourceOrigins: [new URL(messagesUrl).origin] })
  const config = await host.session.config()
  document.body.textContent = config.copy.greeting
  const response = await host.session.fetchWithSession(messagesUrl)
  if (!response.ok) throw new Error(`The messages could not be loaded: HTTP ${response.status}.`)
  const { messages }: { messages: string[] } = await response.json()
  document.body.append(
    ...messages.map((message) => Object.assign(document.createElement('p'), { textContent: message })),
  )
  host.resize(document.body.scrollHeight)
}
