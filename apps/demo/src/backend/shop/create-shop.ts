import type { FastifyInstance } from 'fastify'
import type { Addresses } from '../addresses.js'
import { createSite } from '../http/create-site.js'
import { serveFiles } from '../http/serve-files.js'
import type { Shop } from '../read-shop.js'
import { describeOperations } from './describe-operations.js'
import { listCards } from './list-cards.js'
import { replayTicket } from './replay-ticket.js'
import { registerRoutes } from './routes.js'
import { registerVoiceRoutes } from './voice-routes.js'

interface ShopOptions {
  readonly addresses: Addresses
  readonly shop: Shop
  /** The built site. */
  readonly webFolder: string
}

/** The shop: its host page, and the only backend that has its secret key. */
export function createShop({ addresses, shop, webFolder }: ShopOptions): FastifyInstance {
  const reach = () => ({ connect: [addresses.hallpassUrl], frame: [addresses.widgetsUrl, addresses.attackerUrl] })
  const app = createSite(reach, 'index.html')
  registerRoutes(app, { addresses, shop })
  registerVoiceRoutes(app, { addresses, shop })
  describeOperations(app)
  listCards(app, { addresses, secretKey: shop.secretKey })
  replayTicket(app, { addresses, clientKey: shop.clientKey })
  servePages(app)
  serveFiles(app, webFolder, { index: true })
  return app
}

/** The paths of the site's pages, which all get the same document. */
const pagePaths = ['/pay', '/chat', '/card', '/voice', '/own'] as const

function servePages(app: FastifyInstance): void {
  for (const path of pagePaths) app.get(path, (_, reply) => reply.sendFile('index.html'))
}
