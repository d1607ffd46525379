import { createFlow } from '../flow/flow.js'

// created once per page load, so a diagram is still there when you return to its scene
export const payFlow = createFlow()
export const chatFlow = createFlow()
export const cardFlow = createFlow()
export const voiceFlow = createFlow()
export const ownFlow = createFlow()
