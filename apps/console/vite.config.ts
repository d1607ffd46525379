import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // the server serves the console here
  base: '/console/',
  // load our own packages from source, so that the page builds without building them first
  resolve: { conditions: ['@hallpass/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/console',
    // the server's package contains the libraries of the console
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    // the page's Content-Security-Policy forbids data: URLs
    assetsInlineLimit: 0,
    // every supported browser has it
    modulePreload: { polyfill: false },
    // required for light-dark() and recent selectors
    cssTarget: 'chrome123',
  },
})
