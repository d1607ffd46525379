import type { FastifyInstance } from 'fastify'
import { type Addresses, originsOf } from './addresses.js'
import { createAttackerSite } from './attacker/create-attacker-site.js'
import { listen } from './http/listen.js'
import type { StartSettings } from './read-settings.js'
import type { Shop } from './read-shop.js'
import { activateCard } from './shop/activate-card.js'
import { createShop } from './shop/create-shop.js'
import { createWidgetHost } from './widget-host/create-widget-host.js'

/** A running Hallpass. */
interface Hallpass {
  readonly url: string
}

interface SitesOptions<H extends Hallpass> {
  readonly shop: Shop
  readonly ports: StartSettings['ports']
  /** The built pages. */
  readonly webFolder: string
  readonly widgetsFolder: string
  /** Other origins that can embed the widgets, in addition to the shop's. */
  readonly moreParents?: readonly string[]
  /** Starts Hallpass for the origins of these sites. */
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

/** Starts the shop, the widget host and the attacker's site, then Hallpass for their origins. */
export async function startSites<H extends Hallpass>(options: SitesOptions<H>): Promise<RunningSites<H>> {
  const { shop, ports, webFolder, widgetsFolder, moreParents = [] } = options
  const addresses: Addresses = { hallpassUrl: '', demoUrl: '', widgetsUrl: '', attackerUrl: '' }
  const parents = () => [...originsOf(addresses.demoUrl), ...moreParents]
  const demo = createShop({ addresses, shop, webFolder })
  const onActivated = (card_id: string) => activateCard({ addresses, shop }, card_id)
  const widgets = createWidgetHost({ addresses, shop, widgetsFolder, parents, onActivated })
  const attacker = createAttackerSite({ addresses, shop, widgetsFolder })
  const close = () => closeAll([demo, widgets, attacker])
  try {
    addresses.demoUrl = await listen(demo, ports.demo)
    addresses.widgetsUrl = await listen(widgets, ports.widgets)
    addresses.attackerUrl = await listen(attacker, ports.attacker)
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
