import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'
import { createSite } from '../http/create-site.js'
import { serveFiles } from '../http/serve-files.js'
import type { Shop } from '../read-shop.js'
import { registerBridge } from './bridge/register-bridge.js'
import { type OnActivated, registerCard } from './card/register-card.js'
import { registerChat } from './chat/register-chat.js'
import { registerOwnWidget } from './own/register-own-widget.js'
import { serveBridge } from './serve-bridge.js'
import { serveWidget } from './serve-widget.js'
import { registerVoice } from './voice/register-voice.js'

interface WidgetHostOptions {
  readonly addresses: Addresses
  readonly shop: Pick<Shop, 'widgetHostKey' | 'processorKey' | 'cards'>
  /** The built widget pages. */
  readonly widgetsFolder: string
  /** Origins of the pages that can embed the widgets. */
  readonly parents: () => readonly string[]
  readonly onActivated: OnActivated
}

/** The widget provider's site: serves the widgets on its own origin, and their APIs. */
export function createWidgetHost(options: WidgetHostOptions): FastifyInstance {
  const { addresses, shop, widgetsFolder, parents, onActivated } = options
  const app = createSite()
  const pages = { widgetsFolder, parents, reach: () => ({ connect: [addresses.hallpassUrl] }) }
  serveBridge(app, pages)
  serveWidget(app, 'card', pages)
  serveWidget(app, 'chat', pages)
  serveWidget(app, 'own', pages)
  serveWidget(app, 'voice', pages)
  registerCard(app, { addresses, secretKey: shop.processorKey, cards: shop.cards, onActivated })
  registerVoice(app, { addresses, secretKey: shop.processorKey, now: Date.now })
  registerOwnWidget(app, { addresses, secretKey: shop.widgetHostKey })
  registerChat(app, { addresses, secretKey: shop.widgetHostKey })
  registerBridge(app, { addresses, secretKey: shop.widgetHostKey })
  serveFiles(app, widgetsFolder, { index: false })
  return app
}
