import { createFlow } from '../../flow/flow.js'

/** Created once per page load, so the diagram is still there when you return to the scene. */
export const cardFlow = createFlow()
