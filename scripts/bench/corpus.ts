/**
 * The events that benchmarks store: what a document management product with 3,000 users would record.
 *
 * People and documents are chosen with a skew, because in a real log a few make most of the events; ids are random,
 * because that is what compresses badly and what an index has to hold. One seed always gives the same events.
 */
import { Random } from "./random.ts";

export interface CorpusEvent {
  readonly action: string;
  readonly occurred_at: string;
  readonly actor: {
    readonly type: string;
    readonly id: string;
    readonly name: string;
    readonly metadata: { readonly email: string; readonly role: string };
  };
  readonly targets: readonly {
    readonly type: string;
    readonly id: string;
    readonly name: string;
  }[];
  readonly context: { readonly location: string; readonly user_agent: string };
  readonly metadata: { readonly request_id: string; readonly duration_ms: number };
}

export interface CorpusOptions {
  readonly seed: number;
  /** `occurred_at` of the first event, in milliseconds since the epoch. */
  readonly startAt: number;
  /** Mean time between two events. */
  readonly meanGapMs?: number;
}

const ACTORS = 3_000;
const DOCUMENTS = 50_000;
const ADDRESSES = 2_000;
const ID_DIGITS = 26;
const LONGEST_MS = 2_500;

const ACTIONS = [
  "document.viewed",
  "document.downloaded",
  "document.updated",
  "document.created",
  "document.shared",
  "document.printed",
  "document.renamed",
  "document.moved",
  "document.deleted",
  "document.restored",
  "comment.created",
  "comment.deleted",
  "folder.created",
  "permission.granted",
  "permission.revoked",
  "user.signed_in",
  "user.signed_out",
  "user.invited",
];

const USER_AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  "rekishi-sync/3.4.1 (linux; x64) node/24.11.0",
];

const FIRST_NAMES = ["Aiko", "Ben", "Chloé", "Daichi", "Elif", "Femi", "Grace", "Haruto", "Inês"];
const LAST_NAMES = ["Tanaka", "Müller", "Okafor", "Rossi", "Suzuki", "Nguyen", "García", "Novak"];
const ROLES = ["viewer", "editor", "admin"];
const SUBJECTS = ["Budget", "Contract", "Minutes", "Offer", "Plan", "Report", "契約書", "議事録"];

type Actor = CorpusEvent["actor"];
type Target = CorpusEvent["targets"][number];

export class Corpus {
  readonly #random: Random;
  readonly #meanGapMs: number;
  readonly #actors: readonly Actor[];
  readonly #documents: readonly Target[];
  readonly #addresses: readonly string[];
  #now: number;

  constructor({ seed, startAt, meanGapMs = 20 }: CorpusOptions) {
    const random = new Random(seed);
    this.#random = random;
    this.#now = startAt;
    this.#meanGapMs = meanGapMs;
    this.#actors = Array.from({ length: ACTORS }, (_, index) => actor(random, index));
    this.#documents = Array.from({ length: DOCUMENTS }, (_, index) => document(random, index));
    this.#addresses = Array.from({ length: ADDRESSES }, () => address(random));
  }

  next(): CorpusEvent {
    const random = this.#random;
    this.#now += random.below(2 * this.#meanGapMs + 1);
    return {
      action: skewed(random, ACTIONS),
      occurred_at: new Date(this.#now).toISOString(),
      actor: skewed(random, this.#actors),
      targets: [skewed(random, this.#documents)],
      context: {
        location: skewed(random, this.#addresses),
        user_agent: skewed(random, USER_AGENTS),
      },
      metadata: { request_id: random.uuid(), duration_ms: random.skewedBelow(LONGEST_MS) },
    };
  }
}

function actor(random: Random, index: number): Actor {
  const first = even(random, FIRST_NAMES);
  const last = even(random, LAST_NAMES);
  return {
    type: "user",
    id: `user_${random.hex(ID_DIGITS)}`,
    name: `${first} ${last}`,
    metadata: { email: `user-${index}@customer.example`, role: even(random, ROLES) },
  };
}

function document(random: Random, index: number): Target {
  return {
    type: "document",
    id: `document_${random.hex(ID_DIGITS)}`,
    name: `${even(random, SUBJECTS)} ${index} ${even(random, LAST_NAMES)}.pdf`,
  };
}

function address(random: Random): string {
  return `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`;
}

function even<T>(random: Random, choices: readonly T[]): T {
  return known(choices[random.below(choices.length)]);
}

function skewed<T>(random: Random, choices: readonly T[]): T {
  return known(choices[random.skewedBelow(choices.length)]);
}

/** A chosen index is always below the length, which the type of an array cannot say. */
function known<T>(choice: T | undefined): T {
  if (choice === undefined) {
    throw new RangeError("There is nothing to choose from.");
  }
  return choice;
}
