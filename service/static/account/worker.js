/* Shows what the service pushes while no page is open, and opens the account when it is tapped. It keeps nothing. */
"use strict";

self.addEventListener("push", (event) => {
  const said = read(event.data);
  event.waitUntil(
    self.registration.showNotification(said.title, { body: said.body, tag: said.tag, data: { url: said.url }, icon: "static/chat/mark.svg" }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

/** What was pushed; a body that cannot be read still tells that something happened. */
function read(data) {
  let said = null;
  try {
    said = data?.json();
  } catch {
    // Not ours; the plain words below are true anyway.
  }
  const text = (value, otherwise) => (typeof value === "string" && value !== "" ? value : otherwise);
  return { title: text(said?.title, "Customer care"), body: text(said?.body, "There is news for you."), tag: text(said?.tag, ""), url: text(said?.url, "") };
}

/** Only pages of this origin are opened. */
async function open(address) {
  const here = new URL(self.registration.scope);
  let wanted = here;
  try {
    wanted = new URL(address || here, here);
  } catch {
    wanted = here;
  }
  if (wanted.origin !== here.origin) wanted = here;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname === wanted.pathname);
  return page ? page.focus() : self.clients.openWindow(wanted.href);
}
