import type { FastifyInstance } from 'fastify'
import { type Addresses, originsOf } from '../addresses.js'
import { createSite } from '../http/create-site.js'
import { parseParent, urlOf } from '../http/parse-frame-url.js'
import { serveFiles } from '../http/serve-files.js'
import { serveFrame } from '../http/serve-frame.js'
import type { Shop } from '../read-shop.js'

interface AttackerSiteOptions {
  readonly addresses: Addresses
  readonly shop: Pick<Shop, 'clientKey'>
  /** The built pages. */
  readonly widgetsFolder: string
}

/** A site that no client key allows. The demo can frame its page, which calls Hallpass as if it were allowed. */
export function createAttackerSite({ addresses, shop, widgetsFolder }: AttackerSiteOptions): FastifyInstance {
  const app = createSite()
  const reach = () => ({ connect: [addresses.hallpassUrl] })
  app.get('/', (request, reply) => {
    const candidates = parseParent(urlOf(request).searchParams)
    const parent = candidates.find((origin) => originsOf(addresses.demoUrl).includes(origin))
    return serveFrame(reply, { file: `${widgetsFolder}/attacker.html`, parent, reach: reach() })
  })
  app.get('/api/settings', () => ({ hallpassUrl: addresses.hallpassUrl, clientKey: shop.clientKey }))
  serveFiles(app, widgetsFolder, { index: false })
  return app
}
