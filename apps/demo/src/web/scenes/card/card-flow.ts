import { createFlow } from '../../flow/flow.js'

/** Outlives the scene's page, so that whoever comes back finds what happened. */
export const cardFlow = createFlow()
