/** A hint of colour for an action: whether it made something, took something away, or did not go well. */
export type Tone = "made" | "removed" | "troubled" | "plain";

const WORDS: readonly (readonly [Tone, RegExp])[] = [
  ["troubled", /(?:fail|denied|reject|invalid|locked|blocked|suspend|expired|error|alert|breach)/],
  ["removed", /(?:delet|remov|destroy|revok|purg|disabl|unshar|detach|archiv|closed|dismiss)/],
  ["made", /(?:creat|add|made|open|invit|enabl|upload|publish|grant|import|register|restor)/],
];

export function toneOf(action: string): Tone {
  // What was done stands last: `user.signed_in`, `repository_vulnerability_alert.create`.
  const verb = action.slice(action.lastIndexOf(".") + 1).toLowerCase();
  return WORDS.find(([, words]) => words.test(verb))?.[0] ?? "plain";
}
