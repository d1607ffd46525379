/** Where everything listens. Each part learns the others' places from here, which are filled in as they start. */
export interface Addresses {
  hallpassUrl: string
  demoUrl: string
  widgetsUrl: string
  evilUrl: string
}

/** The hosts by which a site on this port may be named: an address that a name was rebound to is named otherwise. */
export const hostsOf = (port: number | undefined): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`]

/** The origins by which a site of this machine may be opened: by its address and by its name. */
export const originsOf = (url: string): readonly string[] => {
  return hostsOf(Number(new URL(url).port)).map((host) => `http://${host}`)
}
