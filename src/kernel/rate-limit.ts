/** What a caller is told of a limit that applies to them (draft-ietf-httpapi-ratelimit-headers). Plain data. */
export interface RateLimit {
  readonly name: string;
  /** How much there is when nothing is used, and the seconds in which it comes back. */
  readonly quota: number;
  readonly windowSeconds: number;
  /** What is left, and the seconds until it is all there again. */
  readonly remaining: number;
  readonly resetSeconds: number;
}
