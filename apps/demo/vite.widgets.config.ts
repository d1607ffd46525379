import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const pages = ['bridge', 'card', 'chat', 'attacker', 'own', 'voice']

/** The pages of the widget host and of the attacker's site. */
export default defineConfig({
  root: path('src/widgets'),
  plugins: [react()],
  // load our own packages from source, so that the pages build without building them first
  resolve: { conditions: ['@hallpass/source', ...defaultClientConditions] },
  build: {
    outDir: path('dist/widgets'),
    emptyOutDir: true,
    // the pages' Content-Security-Policy forbids data: URLs
    assetsInlineLimit: 0,
    // the pages use top-level await, and light-dark() requires a browser from 2024
    target: 'es2022',
    cssTarget: 'chrome123',
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, path(`src/widgets/${page}.html`)])),
    },
  },
})
