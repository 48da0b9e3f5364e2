/** The command that stores a first event, for a log that has none. */
export function FirstEvent({ organizationId }: { readonly organizationId: string }) {
  return (
    <pre class="example" tabIndex={0}>
      {`curl ${location.origin}/audit_logs/events \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"organization_id":"${organizationId}","event":{
    "action":"document.shared","occurred_at":"${new Date().toISOString()}",
    "actor":{"id":"user_1","type":"user"},
    "targets":[{"id":"document_7","type":"document"}],
    "context":{"location":"203.0.113.7"}}}'`}
    </pre>
  );
}
