import { fileURLToPath } from 'node:url'

export const demoFolder = fileURLToPath(new URL('../../', import.meta.url))
