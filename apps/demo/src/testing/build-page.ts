import { build, type InlineConfig } from 'vite'

/** Builds pages as they are shipped. A test's own NODE_ENV would put React's slow double of itself into them. */
export async function buildPage(config: InlineConfig): Promise<Awaited<ReturnType<typeof build>>> {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    return await build({ logLevel: 'silent', ...config })
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}
