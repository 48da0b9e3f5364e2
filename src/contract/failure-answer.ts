/** The body of every error (contract, "Errors"). WorkOS's SDKs read `code`, `message` and `errors` of it. */
import * as z from "zod";

export const failureAnswerSchema = z
  .object({
    code: z.string().describe("One of the codes of the status."),
    message: z.string().describe("A sentence for the person who called."),
    request_id: z.string().describe("The same as the header X-Request-Id. The logs have it too."),
    errors: z
      .array(
        z.object({
          field: z.string().describe("Where, such as `event.targets[0].type`."),
          code: z.string().describe("Which rule is broken."),
          message: z.string().describe("The same as a sentence."),
        }),
      )
      .readonly()
      .optional()
      .describe("Every broken rule, 20 at most."),
  })
  .meta({
    id: "Error",
    examples: [
      {
        code: "invalid_audit_log_event",
        message: "'event.action' is required.",
        request_id: "01a21003-f3f6-76ce-8aba-336b2608b567",
        errors: [
          { field: "event.action", code: "required", message: "'event.action' is required." },
        ],
      },
    ],
  });

export type FailureAnswer = z.infer<typeof failureAnswerSchema>;
