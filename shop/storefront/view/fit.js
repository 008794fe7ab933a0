import { fitsToMe, setFitsToMe } from "../visit.js";

const OFF = "Off: what you look at changes nothing.";
const ON = "On: what you look at during this visit decides what you see first. It never changes a price, and it ends with this tab.";

/** The visitor's own switch: whether this visit's steps may shape what is shown. Off at first. */
export class FitSwitch {
  #node = document.getElementById("fit");

  constructor(onChange) {
    this.#node.addEventListener("click", () => {
      setFitsToMe(!this.isOn);
      this.#draw();
      onChange();
    });
    this.#draw();
  }

  get isOn() {
    return fitsToMe();
  }

  #draw() {
    this.#node.setAttribute("aria-checked", String(this.isOn));
    document.getElementById("fit-note").textContent = this.isOn ? ON : OFF;
  }
}
