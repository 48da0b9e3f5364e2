/** Whether the dashboard is in a frame of another site's page. It does not change while the page is open. */
export const isEmbedded = location.pathname === "/embed";
