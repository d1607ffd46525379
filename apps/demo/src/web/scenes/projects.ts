import type { DemoSettings } from '../../shared/backend-api.js'
import { exhibit } from '../../shared/voice-api.js'

/** A file to copy into a project. It runs as it is shown. */
export interface Snippet {
  readonly name: string
  readonly code: string
}

const backend = ({ hallpassUrl }: DemoSettings, call: string): string => `// npm install @hallpass/client
// HALLPASS_API_KEY=… node backend.mjs
import { createHallpassClient } from '@hallpass/client'

const hallpass = createHallpassClient({ baseUrl: '${hallpassUrl}', apiKey: process.env.HALLPASS_API_KEY })
${call}
`

/** A page with a widget, which the script of Hallpass mounts. Widgets of this demo need to know which page shows them. */
const page = ({ hallpassUrl, widgetsUrl, clientKey }: DemoSettings, widget: string, title: string): string =>
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page with a widget</title>
  </head>
  <body>
    <div id="widget" style="height: 400px"></div>
    <script>
      window.HallpassSettings = {
        clientKey: '${clientKey}',
        widgetUrl: '${widgetsUrl}/${widget}?parent=' + encodeURIComponent(location.origin),
        container: '#widget',
        title: '${title}',
      }
    </script>
    <script async src="${hallpassUrl}/embed.js"></script>
  </body>
</html>
`

const widget = ({ hallpassUrl }: DemoSettings): string => `// npm install @hallpass/client
import { connectToHost } from '@hallpass/client/embed'

const host = await connectToHost({ baseUrl: '${hallpassUrl}' })
const { visitor_id } = await host.session.begin()
document.body.textContent = 'You are visitor ' + visitor_id
// your backend reads the session token and asks Hallpass whose it is
// await host.session.fetchWithSession('/api/rating', { method: 'POST' })
host.post({ visitor_id })
`

/** The code to start with for each scene. */
export const projects = {
  pay: (settings: DemoSettings): readonly Snippet[] => [
    {
      name: 'backend.mjs',
      code: backend(
        settings,
        `const { bridge_token } = await hallpass.bridge.initialize({ customer_id: '${settings.customer.id}' })
console.log(bridge_token)`,
      ),
    },
  ],
  chat: (settings: DemoSettings): readonly Snippet[] => [
    { name: 'page.html', code: page(settings, 'chat', 'Chat') },
    {
      name: 'backend.mjs',
      code: backend(
        settings,
        `// the page passes this token to the widget: Hallpass.widgets[0].upgrade(token)
const { token } = await hallpass.visitor.userToken({ client_key: '${settings.clientKey}', user_id: '${settings.user.id}' })
console.log(token)`,
      ),
    },
  ],
  card: (settings: DemoSettings): readonly Snippet[] => [
    {
      name: 'backend.mjs',
      code: backend(
        settings,
        `const card_id = '${settings.cards[0]?.id ?? ''}'
const { widget_token } = await hallpass.card.widgetToken({ card_id, widget_type: 'REVEAL' })
console.log(widget_token)`,
      ),
    },
  ],
  voice: (settings: DemoSettings): readonly Snippet[] => [
    {
      name: 'backend.mjs',
      code: backend(
        settings,
        `const { token } = await hallpass.kinds.mint({
  kind: 'voice-guide',
  subject: '${settings.user.id}',
  resource: '${exhibit}',
  claims: { voice: 'sage', max_minutes: 2 },
})
// the page passes it to the widget, whose provider uses it with a key of its own:
// await hallpass.kinds.redeem({ kind: 'voice-guide', token, action: 'talk', resource: '${exhibit}' })
console.log(token)`,
      ),
    },
  ],
  own: (settings: DemoSettings): readonly Snippet[] => [
    { name: 'page.html', code: page(settings, 'own', 'Was it good?') },
    { name: 'widget.js', code: widget(settings) },
  ],
}
