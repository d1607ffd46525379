import { bridgeScene } from './bridge-scene.js'
import { cardScene } from './card-scene.js'
import type { Scene } from './scene.js'
import { visitorScene } from './visitor-scene.js'

/** All scenes, in the order of the page. */
export const scenes: readonly Scene[] = [visitorScene, bridgeScene, cardScene]
