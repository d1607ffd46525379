import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // the page's policy allows files of its own only, so nothing may be inlined as a data: URL
  build: { outDir: 'dist/web', assetsInlineLimit: 0 },
})
