import { build, type InlineConfig } from 'vite'

/** Builds pages for production. With the test runner's NODE_ENV, they would contain React's slow development build. */
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
