import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const pages = ['bridge', 'card', 'chat', 'evil', 'own']

/** The pages of the widget host and of the evil site. */
export default defineConfig({
  root: path('src/widgets'),
  plugins: [react()],
  // our own packages are taken from their sources, so that the pages need no build but their own
  resolve: { conditions: ['@hallpass/source', ...defaultClientConditions] },
  build: {
    outDir: path('dist/widgets'),
    emptyOutDir: true,
    // the pages' policy allows files of their own only, so nothing may be inlined as a data: URL
    assetsInlineLimit: 0,
    // the pages wait for their host before they do anything, and light-dark() needs a browser of 2024
    target: 'es2022',
    cssTarget: 'chrome123',
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, path(`src/widgets/${page}.html`)])),
    },
  },
})
