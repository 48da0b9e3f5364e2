/** What requests to other servers go out through: a service binding, or everything that `fetch` reaches. */
export interface Network {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}
