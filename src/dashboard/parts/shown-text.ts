/**
 * Texts of events as they are shown. What an event says may hold characters that are not seen, or that turn its
 * neighbours around, so that something else is read than what was recorded: they are shown as the escapes that they are
 * in JSON. Only what is shown changes: what is copied, asked for or linked to is the text itself.
 */

/**
 * Control characters, invisible ones and those that set the direction. The two joiners are part of how some scripts and
 * emoji are written, and say nothing behind a Latin letter, a digit, a sign or a space.
 */
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|(?<=^|[\p{Script=Latin}\p{Nd}\p{P}\p{Z}])[\u200c\u200d]/gu;
const SHORT: Readonly<Record<string, string>> = {
  "\n": String.raw`\n`,
  "\r": String.raw`\r`,
  "\t": String.raw`\t`,
};

export function shown(text: string): string {
  return text.replaceAll(UNSEEN, (character) => SHORT[character] ?? escaped(character));
}

function escaped(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
