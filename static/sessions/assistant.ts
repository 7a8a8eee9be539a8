/** The pages of the assistant: the patient's chat, and what the care team sees of it. */

import "./assistant.css";
import "./chat.css";
import "./conversation.css";
import { Chat } from "./chat_view";

customElements.define("pl-chat", Chat);
