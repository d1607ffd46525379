import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // load our own packages from source, so that the page builds without building them first
  resolve: { conditions: ['@hallpass/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/web',
    // the page's Content-Security-Policy forbids data: URLs
    assetsInlineLimit: 0,
    // required for light-dark() and recent selectors
    cssTarget: 'chrome123',
  },
})
