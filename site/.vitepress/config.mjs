import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const index = readFileSync(fileURLToPath(new URL('../.pages/index.md', import.meta.url)), 'utf8')

/** The sections of the list of pages, and the links in each. */
const sidebar = index
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    text: section.split('\n', 1)[0],
    collapsed: section.startsWith('Decisions'),
    items: [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)(?:: ([^\n]+))?/gm)].map(([, text, link, rest]) => ({
      text: /^\d{4}$/.test(text) ? `${text} ${rest}` : text,
      link: `/${link.replace(/^\.?\//, '')}`,
    })),
  }))

/** The anchors of GitHub, where the same pages are read. */
const slugify = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

export default defineConfig({
  title: 'Hallpass',
  description: 'A self-hosted token service for embeddable widgets',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: '.pages',
  cleanUrls: false,
  lastUpdated: false,
  markdown: { anchor: { slugify }, headers: { slugify } },
  themeConfig: {
    // built with the pages, and run in the browser
    search: { provider: 'local' },
    nav: [
      { text: 'Quickstart', link: '/quickstart' },
      { text: 'API', link: '/api' },
      { text: 'Command line', link: '/cli' },
    ],
    sidebar,
    outline: { level: [2, 3] },
  },
})
