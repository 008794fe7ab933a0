/**
 * The ways from the chat to the account page: the customer's own data, and an account to keep the conversation in.
 *
 * A chat in another shop's page has storage of its own, which the account page cannot see: there the conversation is
 * handed over in the link's fragment, which is sent to no server.
 */
export class AccountLinks {
  #links;
  #session;
  #host;

  /** links: anchors with data-account="guest" or "join". */
  constructor({ links, session, host }) {
    this.#links = [...links];
    this.#session = session;
    this.#host = host;
    for (const link of this.#links) {
      // Before the browser follows it, however it is followed.
      for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, () => this.refresh());
    }
  }

  refresh() {
    const session = this.#session.current;
    for (const link of this.#links) {
      link.hidden = !session || (link.dataset.account === "join" && session.joined === true);
      if (session) link.href = this.#address(link.dataset.account, session);
    }
  }

  #address(name, { id, token }) {
    const page = new URL("account", document.baseURI).href;
    const isForeign = this.#host.embedded && this.#host.origin !== null && this.#host.origin !== window.location.origin;
    return isForeign && token ? `${page}#${name}=${id}.${token}` : `${page}#${name}`;
  }
}
