import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const pages = ['bridge', 'evil']

/** The pages of the widget host and of the evil site. */
export default defineConfig({
  root: path('src/widgets'),
  plugins: [react()],
  build: {
    outDir: path('dist/widgets'),
    emptyOutDir: true,
    // the pages' policy allows files of their own only, so nothing may be inlined as a data: URL
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, path(`src/widgets/${page}.html`)])),
    },
  },
})
