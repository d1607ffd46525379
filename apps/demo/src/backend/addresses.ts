/** Where everything listens. Each part learns the others' places from here, which are filled in as they start. */
export interface Addresses {
  hallpassUrl: string
  demoUrl: string
  widgetsUrl: string
  evilUrl: string
}

/** The origins by which a site of this machine may be opened: by its address and by its name. */
export const originsOf = (url: string): readonly string[] => {
  const { port } = new URL(url)
  return [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
}
