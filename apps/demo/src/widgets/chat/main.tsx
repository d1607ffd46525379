import '../common/widget.css'
import './chat.css'
import { connectToHost } from '@hallpass/client/embed'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { serviceUrl, shownFetch } from '../common/shown-fetch.js'
import { ChatApp } from './chat-app.js'

const root = document.querySelector('#root')
if (!root) throw new Error('The page has no #root element.')

/** Connects to the host page and shows the chat with the appearance of its client key. */
async function open() {
  const { session } = await connectToHost({ baseUrl: await serviceUrl(), fetch: shownFetch, storage: 'session' })
  return <ChatApp session={session} config={await session.config()} />
}

createRoot(root).render(
  <StrictMode>{await open().catch(() => <p role="alert">This chat can’t be opened here.</p>)}</StrictMode>,
)
