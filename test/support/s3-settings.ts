/** The settings by which rekishi finds the test server, as they are in the environment. */
import { S3_CREDENTIALS, type S3Server } from "./s3-server.ts";

export function s3SettingsOf({ endpoint, bucket }: S3Server) {
  return {
    REKISHI_S3_ENDPOINT: endpoint,
    REKISHI_S3_BUCKET: bucket,
    REKISHI_S3_REGION: S3_CREDENTIALS.region,
    REKISHI_S3_ACCESS_KEY_ID: S3_CREDENTIALS.accessKeyId,
    REKISHI_S3_SECRET_ACCESS_KEY: S3_CREDENTIALS.secretAccessKey,
  };
}
