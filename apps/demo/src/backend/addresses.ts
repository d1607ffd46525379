/** The URLs of all parts of the demo. Each is filled in when its part has started. */
export interface Addresses {
  hallpassUrl: string
  demoUrl: string
  widgetsUrl: string
  attackerUrl: string
}

/** The accepted Host headers for a site on this port. After DNS rebinding, a browser sends another host. */
export const hostsOf = (port: number | undefined): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`]

/** The origins of a local site: by IP address and by name. */
export const originsOf = (url: string): readonly string[] => {
  return hostsOf(Number(new URL(url).port)).map((host) => `http://${host}`)
}
