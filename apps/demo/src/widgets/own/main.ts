import './own.css'
import { connectToHost } from '@hallpass/client/embed'
import { serviceUrl, shownFetch } from '../common/shown-fetch.js'

const baseUrl = await serviceUrl()
const host = await connectToHost({ baseUrl, fetch: shownFetch, storage: 'session' })
const { visitor_id } = await host.session.begin()
document.querySelector('fieldset')?.removeAttribute('disabled')

document.querySelector('form')?.addEventListener('change', async ({ target }) => {
  const stars = Number((target as HTMLInputElement).value)
  const answer = await host.session.fetchWithSession('/api/own/rating', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ stars }),
  })
  const output = document.querySelector('output')
  if (output) output.textContent = answer.ok ? `Thanks for ${stars} of 5.` : 'Your rating wasn’t saved. Try again.'
  host.post({ stars, visitor_id })
})
