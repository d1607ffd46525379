import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // our own packages are taken from their sources, so that the page needs no build but its own
  resolve: { conditions: ['@hallpass/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/web',
    // the page's policy allows files of its own only, so nothing may be inlined as a data: URL
    assetsInlineLimit: 0,
    // what light-dark() and the newest selectors need
    cssTarget: 'chrome123',
  },
})
