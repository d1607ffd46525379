import type { FastifyInstance } from 'fastify'
import { type Addresses, originsOf } from './addresses.js'
import { createEvilSite } from './evil/create-evil-site.js'
import { listen } from './http/listen.js'
import type { StartSettings } from './read-settings.js'
import type { Shop } from './read-shop.js'
import { activateCard } from './shop/activate-card.js'
import { createShop } from './shop/create-shop.js'
import { createWidgetHost } from './widget-host/create-widget-host.js'

/** A Hallpass that listens. */
interface Hallpass {
  readonly url: string
}

interface SitesOptions<H extends Hallpass> {
  readonly shop: Shop
  readonly ports: StartSettings['ports']
  /** The built pages. */
  readonly webFolder: string
  readonly widgetsFolder: string
  /** Origins that may show the widgets, beside the shop's. */
  readonly moreParents?: readonly string[]
  /** Starts Hallpass for these sites; their origins are known by then. */
  readonly startHallpass: (origins: {
    readonly pages: readonly string[]
    readonly widgets: readonly string[]
  }) => Promise<H>
}

export interface RunningSites<H extends Hallpass> {
  readonly addresses: Readonly<Addresses>
  readonly hallpass: H
  readonly close: () => Promise<void>
}

/** Opens the ports of the shop, the widget host and the evil site, then starts Hallpass for their origins. */
export async function startSites<H extends Hallpass>(options: SitesOptions<H>): Promise<RunningSites<H>> {
  const { shop, ports, webFolder, widgetsFolder, moreParents = [] } = options
  const addresses: Addresses = { hallpassUrl: '', demoUrl: '', widgetsUrl: '', evilUrl: '' }
  const parents = () => [...originsOf(addresses.demoUrl), ...moreParents]
  const demo = createShop({ addresses, shop, webFolder })
  const tellActivated = (card_id: string) => activateCard({ addresses, shop }, card_id)
  const widgets = createWidgetHost({ addresses, shop, widgetsFolder, parents, tellActivated })
  const evil = createEvilSite({ addresses, shop, widgetsFolder })
  const close = () => closeAll([demo, widgets, evil])
  try {
    addresses.demoUrl = await listen(demo, ports.demo)
    addresses.widgetsUrl = await listen(widgets, ports.widgets)
    addresses.evilUrl = await listen(evil, ports.evil)
    const hallpass = await options.startHallpass({
      pages: originsOf(addresses.demoUrl),
      widgets: originsOf(addresses.widgetsUrl),
    })
    addresses.hallpassUrl = hallpass.url
    return { addresses, hallpass, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function closeAll(sites: readonly FastifyInstance[]): Promise<void> {
  await Promise.all(sites.map((site) => site.close()))
}
