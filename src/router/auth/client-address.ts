/** Where a request comes from: by the header of a proxy that the operator names, or else by who is connected. */
import type { HttpContext } from "../http.ts";

/** Of an IPv6 address: what follows belongs to one customer. */
const NETWORK_GROUPS = 4;

/**
 * The address of the client, or undefined where nobody says it. On one machine workerd says who is connected. On
 * Cloudflare the edge writes a header, which is believed only there, because anybody can send it to a server of their own.
 */
export function clientAddress(context: HttpContext): string | undefined {
  return namedAddress(context) ?? peerAddress(context) ?? context.req.header("cf-connecting-ip");
}

/**
 * What tells one client from the others: an address, or a network of IPv6. Only by the header: who is connected may be
 * a proxy, and then all clients have its address.
 */
export function clientNetwork(context: HttpContext): string | undefined {
  const address = namedAddress(context);
  return address?.includes(":") === true
    ? address.split(":").slice(0, NETWORK_GROUPS).join(":")
    : address;
}

/** A proxy adds to the end of a list; what stands before is the client's word. */
function namedAddress(context: HttpContext): string | undefined {
  const name = context.env.REKISHI_CLIENT_ADDRESS_HEADER;
  return (name ? context.req.header(name)?.split(",").at(-1)?.trim() : undefined) || undefined;
}

/** workerd writes `192.0.2.1:443` and `[2001:db8::1]:443`. */
function peerAddress({ req }: HttpContext): string | undefined {
  const { clientIp } = (req.raw.cf ?? {}) as { readonly clientIp?: string };
  return clientIp?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}
